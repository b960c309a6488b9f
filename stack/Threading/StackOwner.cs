// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using TcpIp.Dns;
using TcpIp.Sockets;
using TcpIp.Tcp;

namespace TcpIp.Threading
{
    /// <summary>
    /// Owns the stack for all threads: the one lock, the network thread, and the threads that wait.
    /// </summary>
    /// <remarks>
    /// The network thread has the clock and the controller's interrupt. A call of an application's thread that has left something to do
    /// polls the stack itself, so that what was sent is on its way when the call returns. Whoever has polled lets those go whose socket has
    /// become ready, and wakes the network thread if something is due before it meant to look. After start-up nothing allocates in here.
    /// </remarks>
    internal sealed class StackOwner
    {
        /// <summary>
        /// Milliseconds after which a thread looks again that nobody can let go: all waiters were taken when it came, or it waits for a frame,
        /// which no socket tells of.
        /// </summary>
        internal const int LookAgain = 10;

        private readonly HostThreads _threads;
        private readonly TcpIpStack _stack;
        private readonly SocketLayer _sockets;
        private readonly NetworkController _controller;
        private readonly EthernetInterface _interface;
        private readonly DnsResolver _resolver;
        private readonly Waiter[] _waiters;
        private int _looked;
        private int _tickets = 1;
        private bool _isAsleep;
        private int _sleepsUntil;
        private bool _isStopped;
        private bool _isStepping;
        private Exception _lastFault;
        private int _faults;

        /// <summary>
        /// Initializes a new instance of the <see cref="StackOwner"/> class.
        /// </summary>
        /// <param name="network">What has address and name servers; it is polled along.</param>
        /// <param name="resolver">What looks names up.</param>
        /// <param name="controller">What the network thread sleeps on.</param>
        /// <param name="threads">Threads and time.</param>
        /// <param name="waiters">Threads that are let go the moment they can go on.</param>
        internal StackOwner(EthernetInterface network, DnsResolver resolver, NetworkController controller, HostThreads threads, int waiters)
        {
            _interface = network;
            _stack = network.Stack;
            _sockets = _stack.Sockets;
            _resolver = resolver;
            _controller = controller;
            _threads = threads;
            _waiters = new Waiter[waiters];
            for (int i = 0; i < waiters; i++)
            {
                _waiters[i] = new Waiter(threads.CreateSignal());
            }
        }

        /// <summary>Gets the number of threads that have a waiter now.</summary>
        internal int Waiting
        {
            get
            {
                int waiting = 0;
                for (int i = 0; i < _waiters.Length; i++)
                {
                    waiting += _waiters[i].Ticket != 0 ? 1 : 0;
                }

                return waiting;
            }
        }

        /// <summary>Gets how often the stack's work was cut short: see <see cref="EthernetInterface.Faults"/>.</summary>
        internal int Faults => _faults;

        /// <summary>Gets the last exception that came to the network thread, or to a listener's; null while none has.</summary>
        internal Exception LastFault => _lastFault;

        /// <summary>Gets a value indicating whether the network thread has ended, or is about to.</summary>
        internal bool IsStopped => _isStopped;

        /// <summary>Takes the lock.</summary>
        internal void Enter() => _threads.Enter();

        /// <summary>Gives the lock back.</summary>
        internal void Leave() => _threads.Leave();

        /// <summary>Starts the network thread.</summary>
        internal void Start() => _threads.Start(Run, true);

        /// <summary>
        /// Has what a call has left to do done at once. Under the lock.
        /// </summary>
        internal void Settle()
        {
            if (_stack.NeedsPoll || _resolver.NeedsPoll)
            {
                Proceed();
            }
        }

        /// <summary>
        /// Has all that is due done at once, the stack's own work or not. Under the lock.
        /// </summary>
        internal void Proceed()
        {
            int now = _threads.Now();
            Expect(now + Step(now));
        }

        /// <summary>
        /// Has the network thread look at what is not the stack's own work: an address or a lookup. Under the lock.
        /// </summary>
        internal void Hurry() => Expect(_threads.Now());

        /// <summary>
        /// Ends the network thread. Under the lock.
        /// </summary>
        internal void Stop()
        {
            _isStopped = true;
            Hurry();
        }

        /// <summary>
        /// Takes a waiter. Under no lock.
        /// </summary>
        /// <param name="handle">The socket, or -1.</param>
        /// <param name="kind">What for.</param>
        /// <param name="waiter">Gets the waiter; it stays as it is if there is none: then <see cref="Wait"/> looks again every <see cref="LookAgain"/>
        /// milliseconds. The caller's own variables have both before the waiter is taken, so that a thread that is aborted anywhere gives it back.</param>
        /// <param name="ticket">Gets the number to give it back with.</param>
        internal void Take(int handle, WaitKind kind, ref Waiter waiter, ref int ticket)
        {
            _threads.Enter();
            try
            {
                int place = 0;
                while (place < _waiters.Length && _waiters[place].Ticket != 0)
                {
                    place++;
                }

                if (place < _waiters.Length)
                {
                    Waiter free = _waiters[place];

                    // odd, and so never that of a free one
                    ticket = _tickets += 2;
                    waiter = free;
                    free.Handle = handle;
                    free.Kind = kind;
                    free.IsSet = false;
                    if (_looked <= place)
                    {
                        _looked = place + 1;
                    }

                    free.Ticket = ticket;
                }
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// Gives a waiter back. It needs no lock, which a thread that is being aborted might not get; and twice is no harm: whoever waits gives it back when it
        /// has done, and once more in its <c>finally</c>, which may have been cut short. While the waiter has this number nobody else writes it; once it has
        /// another, or none, this writes nothing, however long the thread is without the processor in here.
        /// </summary>
        /// <param name="waiter">The waiter, or null.</param>
        /// <param name="ticket">With which number it was taken.</param>
        internal static void Give(Waiter waiter, int ticket)
        {
            if (waiter != null && waiter.Ticket == ticket)
            {
                waiter.Ticket = 0;
            }
        }

        /// <summary>
        /// Something went wrong in a thread of ours, which goes on.
        /// </summary>
        /// <param name="exception">What.</param>
        internal void Note(Exception exception)
        {
            _lastFault = exception;
            _faults++;
        }

        /// <summary>
        /// Waits. Under no lock.
        /// </summary>
        /// <param name="waiter">A waiter that was taken, or null.</param>
        /// <param name="beganAt">When the wait began.</param>
        /// <param name="timeout">How long all of it may last, or -1.</param>
        /// <param name="isSignalled">Whether the waiter is let go when it can go on; else it looks again before long.</param>
        /// <returns>False if the time is over.</returns>
        internal bool Wait(Waiter waiter, int beganAt, int timeout, bool isSignalled)
        {
            int left = timeout;
            if (timeout >= 0)
            {
                left = timeout - (_threads.Now() - beganAt);
                if (left <= 0)
                {
                    return false;
                }
            }

            if ((waiter == null || !isSignalled) && (uint)left > LookAgain)
            {
                left = LookAgain;
            }

            if (waiter == null)
            {
                _threads.Sleep(left);
            }
            else
            {
                waiter.Signal.Wait(left);
            }

            return true;
        }

        /// <summary>
        /// Lets all go that wait for a socket, which is closed. Under the lock.
        /// </summary>
        /// <param name="handle">The socket.</param>
        internal void Release(int handle)
        {
            for (int i = 0; i < _looked; i++)
            {
                if (_waiters[i].Handle == handle && _waiters[i].Ticket != 0)
                {
                    LetGo(_waiters[i]);
                }
            }
        }

        /// <summary>
        /// Lets all go that wait for a link or an address: something of these has changed. Under the lock.
        /// </summary>
        internal void ReleaseNetwork()
        {
            for (int i = 0; i < _looked; i++)
            {
                if (_waiters[i].Kind == WaitKind.Network && _waiters[i].Ticket != 0)
                {
                    LetGo(_waiters[i]);
                }
            }
        }

        private static void LetGo(Waiter waiter)
        {
            if (!waiter.IsSet)
            {
                // in this order, for a thread that is aborted between may not leave one that nobody lets go
                waiter.Signal.Set();
                waiter.IsSet = true;
            }
        }

        private void Run()
        {
            while (!_isStopped)
            {
                try
                {
                    while (!_isStopped)
                    {
                        int wait = Turn();
                        _controller.Sleep(wait);
                    }
                }
                catch (Exception exception)
                {
                    // a driver's: without this thread there would be no network any more
                    Note(exception);
                    _threads.Sleep(LookAgain);
                }
            }
        }

        /// <summary>
        /// One turn of the network thread.
        /// </summary>
        /// <returns>Milliseconds that it may sleep.</returns>
        private int Turn()
        {
            _threads.Enter();
            try
            {
                if (_isAsleep)
                {
                    _isAsleep = false;
                    _controller.EndSleep();
                }

                int now = _threads.Now();
                int wait = StepOrTidy(now);

                // unsigned, for after weeks of silence the difference is negative
                if (wait <= 0 || (uint)(now - _stack.ReceivedAt) < (uint)_controller.StayAwake)
                {
                    return 0;
                }

                if (wait > _controller.LongestSleep)
                {
                    wait = _controller.LongestSleep;
                }

                _controller.BeginSleep();
                _isAsleep = true;
                _sleepsUntil = now + wait;
                return wait;
            }
            finally
            {
                _threads.Leave();
            }
        }

        /// <summary>
        /// The network thread goes on after an exception, and counts it itself.
        /// </summary>
        private int StepOrTidy(int now)
        {
            bool isDone = false;
            try
            {
                int wait = Step(now);
                isDone = true;
                return wait;
            }
            finally
            {
                if (!isDone)
                {
                    _isStepping = false;
                    _stack.LookAtAll();
                }
            }
        }

        /// <summary>
        /// Polls the stack and what goes with it, and lets those go who can go on.
        /// </summary>
        /// <returns>Milliseconds until something is due.</returns>
        private int Step(int now)
        {
            if (_isStepping)
            {
                // whoever was at it last was aborted, or has an exception
                _faults++;
                _stack.LookAtAll();
            }

            _isStepping = true;
            int wait;
            try
            {
                wait = _stack.Poll(now);
                int due = _interface.Poll(now);
                if (due < wait)
                {
                    wait = due;
                }

                if (_stack.NeedsPoll)
                {
                    wait = _stack.Flush(wait);
                    if (_stack.NeedsPoll)
                    {
                        wait = 0;
                    }
                }
            }
            finally
            {
                // what came before a driver threw is there all the same, and it may throw each time
                if (_looked > 0)
                {
                    LetReadyGo();
                }
            }

            _isStepping = false;
            return wait;
        }

        private void LetReadyGo()
        {
            int looked = _looked;
            while (looked > 0 && _waiters[looked - 1].Ticket == 0)
            {
                looked--;
            }

            _looked = looked;
            for (int i = 0; i < looked; i++)
            {
                Waiter waiter = _waiters[i];
                if (!waiter.IsSet && waiter.Ticket != 0 && IsReady(waiter))
                {
                    waiter.Signal.Set();
                    waiter.IsSet = true;
                }
            }
        }

        private bool IsReady(Waiter waiter)
        {
            switch (waiter.Kind)
            {
                case WaitKind.Acknowledged:
                    return !IsUnacknowledged(waiter.Handle);

                case WaitKind.Network:
                    return false;

                default:
                    int readiness = _sockets.GetReadiness(waiter.Handle);
                    return readiness < 0 || (readiness & (int)waiter.Kind) != 0;
            }
        }

        /// <summary>
        /// Whether the peer has not yet acknowledged all that was written before our direction was closed.
        /// </summary>
        /// <param name="handle">The socket.</param>
        /// <returns>Whether it has not.</returns>
        internal bool IsUnacknowledged(int handle)
        {
            TcpState state = _sockets.GetState(handle);
            return state == TcpState.FinWait1 || state == TcpState.Closing || state == TcpState.LastAck;
        }

        private void Expect(int dueAt)
        {
            if (_isAsleep && dueAt - _sleepsUntil < 0)
            {
                _controller.Wake();
                _sleepsUntil = dueAt;
            }
        }
    }
}
