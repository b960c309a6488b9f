// Licensed under the MIT license. See LICENSE in the repository root.

using System.Threading;

namespace TcpIp.Threading
{
    /// <summary>
    /// What one thread waits for and another sets: it lets one waiter go, and stays set until there is one.
    /// </summary>
    public class HostSignal
    {
        private readonly AutoResetEvent _event;

        /// <summary>
        /// Initializes a new instance of the <see cref="HostSignal"/> class, not set.
        /// </summary>
        public HostSignal()
            : this(new AutoResetEvent(false))
        {
        }

        /// <summary>
        /// Initializes a new instance of the <see cref="HostSignal"/> class over an event; a test that has none gives null and overrides both members.
        /// </summary>
        /// <param name="autoResetEvent">The event.</param>
        protected HostSignal(AutoResetEvent autoResetEvent)
        {
            _event = autoResetEvent;
        }

        /// <summary>
        /// Waits until it is set. It may return earlier.
        /// </summary>
        /// <param name="milliseconds">How long at most; -1 for ever.</param>
        public virtual void Wait(int milliseconds) => _event.WaitOne(milliseconds, false);

        /// <summary>
        /// Sets it. Any thread may.
        /// </summary>
        public virtual void Set() => _event.Set();
    }
}
