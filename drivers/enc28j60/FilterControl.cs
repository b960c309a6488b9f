// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Changes the receive filters of a running chip: reception is switched off, the packet that is coming in is let finish, and only
    /// then are registers written (DS39662E 7.2.1, 8.0).
    /// </summary>
    internal sealed class FilterControl
    {
        // a full-size packet takes 1.2 ms
        private const int BusyTimeout = 10;

        private readonly SpiPort _port;
        private readonly ReceiveFilters _filters;
        private bool _isWaiting;
        private bool _timing;
        private int _since;

        /// <summary>
        /// Initializes a new instance of the <see cref="FilterControl"/> class.
        /// </summary>
        /// <param name="port">The way to the chip.</param>
        /// <param name="filters">What to let in.</param>
        internal FilterControl(SpiPort port, ReceiveFilters filters)
        {
            _port = port;
            _filters = filters;
        }

        /// <summary>Gets a value indicating whether a change is under way, and reception off.</summary>
        internal bool IsWaiting => _isWaiting;

        /// <summary>
        /// Begins with a chip that has the filters that are wanted.
        /// </summary>
        internal void Begin()
        {
            _isWaiting = false;
        }

        /// <summary>
        /// Goes on with a change that is wanted.
        /// </summary>
        /// <param name="now">The time in milliseconds.</param>
        /// <returns>False if the chip was reset meanwhile.</returns>
        internal bool Poll(int now)
        {
            if (!_isWaiting)
            {
                if (!_filters.IsChanged)
                {
                    return true;
                }

                _port.ClearBits(EthRegister.ECON1, RegisterBits.Econ1ReceiveEnable);
                _isWaiting = true;
                _timing = false;
            }

            if ((_port.Read(EthRegister.ESTAT) & RegisterBits.EstatReceiveBusy) != 0)
            {
                if (!_timing)
                {
                    _timing = true;
                    _since = now;
                }

                if (now - _since < BusyTimeout)
                {
                    return true;
                }
            }

            _filters.Apply();
            _isWaiting = false;
            return Configuration.SwitchOnReception(_port);
        }
    }
}
