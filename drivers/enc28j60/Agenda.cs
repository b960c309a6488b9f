// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// When a poll of a chip at work has more to do than to see a frame out: at a time, or, if somebody says so, the next time. So a poll
    /// asks once, not each part.
    /// </summary>
    internal sealed class Agenda
    {
        /// <summary>Whether nothing is to be done before <see cref="Due"/>.</summary>
        internal bool IsClear;

        /// <summary>The time of the next thing that is to be done.</summary>
        internal int Due;

        /// <summary>
        /// There is something to be done in the next poll.
        /// </summary>
        internal void Hurry()
        {
            IsClear = false;
        }

        /// <summary>
        /// There is nothing to be done for so long.
        /// </summary>
        internal void Rest(int now, int milliseconds)
        {
            IsClear = true;
            Due = now + milliseconds;
        }
    }
}
