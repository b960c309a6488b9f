// Licensed under the MIT license. See LICENSE in the repository root.

namespace Iot.Device.Enc28j60
{
    /// <summary>
    /// When a poll of a chip at work has something to do: at a time, or, if somebody says so, the next time. So a poll, and who wants to
    /// send, asks once, not each part.
    /// </summary>
    internal sealed class Agenda
    {
        /// <summary>Whether nothing but a frame on its way is to be seen to before <see cref="Due"/>.</summary>
        internal bool IsClear;

        /// <summary>Whether that is so, and the link is up: nothing but a frame on its way is against sending one.</summary>
        internal bool MaySend;

        /// <summary>The time of the next thing that is to be done.</summary>
        internal int Due;

        /// <summary>When the last poll was that had a look.</summary>
        internal int Since;

        /// <summary>For how many milliseconds from then on a poll need not even look, and returns <see cref="Wait"/>; 0 if it must.</summary>
        internal int Quiet;

        /// <summary>What such a poll returns.</summary>
        internal int Wait;

        /// <summary>
        /// There is something to be done in the next poll.
        /// </summary>
        internal void Hurry()
        {
            IsClear = false;
            MaySend = false;
            Quiet = 0;
        }

        /// <summary>
        /// The next poll has to look, for a frame on its way or a packet that waits.
        /// </summary>
        internal void Look()
        {
            Quiet = 0;
        }

        /// <summary>
        /// There is nothing to be done for so long.
        /// </summary>
        internal void Rest(int now, int milliseconds, bool isLinkUp)
        {
            IsClear = true;
            MaySend = isLinkUp;
            Due = now + milliseconds;
        }

        /// <summary>
        /// There is nothing to look at for so long.
        /// </summary>
        /// <param name="now">The time.</param>
        /// <param name="quiet">Milliseconds in which no poll needs to look.</param>
        /// <param name="wait">Milliseconds that each of them returns.</param>
        internal void Pause(int now, int quiet, int wait)
        {
            Since = now;
            Quiet = quiet;
            Wait = wait;
        }
    }
}
