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

        internal RecoveryLog(Enc28j60Counters counters, Enc28j60Listener listener)
        {
            _counters = counters;
            _listener = listener;
        }

        /// <summary>
        /// Notes that something is being reset, and why.
        /// </summary>
        internal void Add(Enc28j60Recovery reason)
        {
            Last = reason;
            _counters.CountRecovery(reason);
            _listener.OnRecovery(reason);
        }
    }
}
