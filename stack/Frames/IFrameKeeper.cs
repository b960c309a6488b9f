// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp.Frames
{
    /// <summary>
    /// Who keeps frames that can be done without (<see cref="KeepPriority.Spare"/>).
    /// </summary>
    internal interface IFrameKeeper
    {
        /// <summary>
        /// Gives one frame back to the pool, if there is one that nobody else holds.
        /// </summary>
        /// <param name="sizeClass">Its size class, or <see cref="FramePool.AnySize"/>.</param>
        /// <returns>Whether one went back.</returns>
        bool GiveUp(int sizeClass);
    }
}
