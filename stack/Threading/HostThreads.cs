// Licensed under the MIT license. See LICENSE in the repository root.

using System;
using System.Threading;

namespace TcpIp.Threading
{
    /// <summary>
    /// The threads, the time and the one lock, as the runtime has them. A test derives its own, which decides who runs next and what time
    /// it is, so that a run can be repeated.
    /// </summary>
    public class HostThreads
    {
        private readonly object _lock = new object();

        /// <summary>
        /// Takes the lock that owns the stack, and waits while another thread has it. It is never held across a wait of any other kind.
        /// </summary>
        public virtual void Enter() => Monitor.Enter(_lock);

        /// <summary>
        /// Gives the lock back.
        /// </summary>
        public virtual void Leave() => Monitor.Exit(_lock);

        /// <summary>
        /// The time.
        /// </summary>
        /// <returns>Milliseconds since some moment, no matter which; the number wraps.</returns>
        public virtual int Now() => (int)Environment.TickCount64;

        /// <summary>
        /// Lets others run.
        /// </summary>
        /// <param name="milliseconds">How long, 0 for those who are ready now.</param>
        public virtual void Sleep(int milliseconds) => Thread.Sleep(milliseconds);

        /// <summary>
        /// Makes what a thread waits for. Called at start-up only.
        /// </summary>
        /// <returns>A signal that is not set.</returns>
        public virtual HostSignal CreateSignal() => new HostSignal();

        /// <summary>
        /// Starts a thread. Called at start-up only.
        /// </summary>
        /// <param name="body">What it does.</param>
        /// <param name="isUrgent">Whether it goes before threads of normal priority that are ready too.</param>
        public virtual void Start(ThreadStart body, bool isUrgent)
        {
            Thread thread = new Thread(body);
            if (isUrgent)
            {
                thread.Priority = ThreadPriority.AboveNormal;
            }

            thread.Start();
        }
    }
}
