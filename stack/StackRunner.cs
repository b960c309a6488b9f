// Licensed under the MIT license. See LICENSE in the repository root.

using System;

namespace TcpIp
{
    /// <summary>
    /// Keeps the stack going while a call waits. The world outside, a clock and a way to sleep, is the application's: it derives a
    /// class for its board, and makes one object of it at start-up.
    /// </summary>
    /// <remarks>
    /// One thread owns the stack, so nobody else runs it: a call that waits polls the stack and the background work itself, sleeps
    /// until the next thing is due, and goes on until it has what it waits for or its time is over: that is <see cref="Begin"/>, then
    /// <see cref="GoOn"/> again and again, for whoever writes such a call. Between two calls nothing is
    /// received, repeated or acknowledged; an application with nothing to do calls <see cref="Wait"/>.
    /// </remarks>
    public abstract class StackRunner
    {
        /// <summary>A timeout that never ends.</summary>
        public const int Forever = -1;

        private readonly TcpIpStack _stack;
        private bool _running;
        private bool _begun;
        private int _timeout;
        private int _startedAt;
        private int _due;

        /// <summary>
        /// Initializes a new instance of the <see cref="StackRunner"/> class.
        /// </summary>
        /// <param name="stack">The stack.</param>
        /// <exception cref="ArgumentNullException">There is none.</exception>
        protected StackRunner(TcpIpStack stack)
        {
            if (stack == null)
            {
                throw new ArgumentNullException(nameof(stack));
            }

            _stack = stack;
        }

        /// <summary>Gets the stack.</summary>
        public TcpIpStack Stack => _stack;

        /// <summary>Gets or sets what goes on while a call waits, or null.</summary>
        public IBackgroundWork[] Background { get; set; }

        /// <summary>
        /// Gets or sets what looks names up for calls that wait, or null: then hosts are named by their addresses. It is polled with the
        /// background work.
        /// </summary>
        public INameResolver Resolver { get; set; }

        /// <summary>
        /// Lets time pass in which nothing is waited for but the stack and the background work go on.
        /// </summary>
        /// <param name="milliseconds">How long, 0 for what can be done at once, or <see cref="Forever"/>: then it does not return.</param>
        /// <returns>0, or InvalidArgument, WouldDeadlock.</returns>
        public int Wait(int milliseconds)
        {
            int refusal = Begin(milliseconds);
            if (refusal != 0)
            {
                return refusal;
            }

            while (GoOn())
            {
            }

            return 0;
        }

        /// <summary>
        /// Asks whether the stack may be run now, and how long to go on.
        /// </summary>
        /// <param name="timeout">Milliseconds, or <see cref="Forever"/>. 0 still lets the stack do what it can do at once.</param>
        /// <returns>0, or InvalidArgument, WouldDeadlock.</returns>
        public int Begin(int timeout)
        {
            if (_running)
            {
                return (int)SocketError.WouldDeadlock;
            }

            if (timeout < Forever)
            {
                return (int)SocketError.InvalidArgument;
            }

            _timeout = timeout;
            _begun = false;
            return 0;
        }

        /// <summary>
        /// Lets the stack work once. All but the first time it sleeps before, if nothing is due at once.
        /// </summary>
        /// <returns>False if the time that was given to <see cref="Begin"/> is over; then nothing was done.</returns>
        public bool GoOn()
        {
            int left = int.MaxValue;
            if (!_begun)
            {
                _startedAt = Now();
            }
            else if (_timeout != Forever)
            {
                int elapsed = Now() - _startedAt;
                if (elapsed >= _timeout)
                {
                    return false;
                }

                left = _timeout - elapsed;
            }

            _running = true;
            try
            {
                // what was called since the last poll may have set earlier deadlines than that poll knew of
                if (_begun && _due > 0 && !_stack.NeedsPoll)
                {
                    Sleep(_due < left ? _due : left);
                }

                _begun = true;
                Step();
            }
            finally
            {
                _running = false;
            }

            return true;
        }

        /// <summary>
        /// Has what was written leave. Called from background work it does nothing: the poll that follows does it.
        /// </summary>
        public void Flush()
        {
            if (_running || !_stack.NeedsPoll)
            {
                return;
            }

            _running = true;
            try
            {
                Step();
            }
            finally
            {
                _running = false;
            }
        }

        /// <summary>
        /// The time. It must not allocate.
        /// </summary>
        /// <returns>Milliseconds since some moment, no matter which; the number wraps.</returns>
        protected abstract int Now();

        /// <summary>
        /// Sleeps. It must not allocate. Any earlier return is allowed, and best is one when a frame arrives. It is not asked to sleep
        /// longer than the driver can be left alone, but may be asked to for ever where nothing at all is due.
        /// </summary>
        /// <param name="milliseconds">The longest, 1 or more.</param>
        protected abstract void Sleep(int milliseconds);

        private static int Earlier(int a, int b) => a < b ? a : b;

        private void Step()
        {
            int now = Now();
            int wait = _stack.Poll(now);
            INameResolver resolver = Resolver;
            if (resolver != null)
            {
                wait = Earlier(wait, resolver.Poll(now));
            }

            IBackgroundWork[] background = Background;
            if (background != null)
            {
                for (int i = 0; i < background.Length; i++)
                {
                    wait = Earlier(wait, background[i].Poll(now));
                }
            }

            _due = wait;
        }
    }
}
