// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Counts recoveries, remembers the last one and tells who wants to know.
    /// </summary>
    internal sealed class RecoveryLog
    {
        /// <summary>Why something was last reset.</summary>
        internal Enc28j60Recovery Last;

        private readonly Enc28j60Counters _counters;
        private readonly Enc28j60Listener _listener;

        /// <summary>
        /// Initializes a new instance of the <see cref="RecoveryLog"/> class.
        /// </summary>
        /// <param name="counters">Where to count.</param>
        /// <param name="listener">Who is told.</param>
        internal RecoveryLog(Enc28j60Counters counters, Enc28j60Listener listener)
        {
            _counters = counters;
            _listener = listener;
        }

        /// <summary>
        /// Something is being reset.
        /// </summary>
        /// <param name="reason">Why.</param>
        internal void Add(Enc28j60Recovery reason)
        {
            Last = reason;
            _counters.CountRecovery(reason);
            _listener.OnRecovery(reason);
        }
    }
}
