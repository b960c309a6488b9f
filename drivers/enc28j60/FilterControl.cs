// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// Changes the receive filters of a running chip: reception is switched off, the packet that is coming in is let finish, and only
    /// then are registers written (DS39662E 7.2.1, 8.0).
    /// </summary>
    internal sealed class FilterControl
    {
        /// <summary>Whether a change is under way, and reception off.</summary>
        internal bool IsWaiting;

        private readonly Reception _reception;
        private readonly ReceiveFilters _filters;
        private readonly Deadline _deadline = new Deadline();

        internal FilterControl(Reception reception, ReceiveFilters filters)
        {
            _reception = reception;
            _filters = filters;
        }

        /// <summary>
        /// Begins with a chip that has the filters that are wanted.
        /// </summary>
        internal void Begin()
        {
            IsWaiting = false;
        }

        /// <summary>
        /// Goes on with a change that is wanted.
        /// </summary>
        /// <returns>False if the chip was reset meanwhile.</returns>
        internal bool Poll(int now)
        {
            if (!IsWaiting)
            {
                if (!_filters.IsChanged)
                {
                    return true;
                }

                _reception.SwitchOff();
                IsWaiting = true;
                _deadline.Clear();
            }

            if (_reception.IsBusy && !_deadline.IsDue(now, Reception.BusyTimeout))
            {
                return true;
            }

            _filters.Apply();
            IsWaiting = false;
            return _reception.SwitchOn();
        }
    }
}
