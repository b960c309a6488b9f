// Licensed under the MIT license. See LICENSE in the repository root.

namespace TcpIp
{
    /// <summary>
    /// What all layers of one stack know of the turn of the application's loop that they are in: its time, and whether something was asked
    /// of them that the last poll did not know of. It is one object, so that a turn in which nothing happens takes the time once and asks
    /// one question.
    /// </summary>
    internal sealed class Turn
    {
        /// <summary>Milliseconds that stand for never: a time lies before another only within half of the count, so that all are looked at once in a while.</summary>
        internal const int Never = 1 << 30;

        /// <summary>The time of the last poll in milliseconds. It wraps. A field, for a property is a call.</summary>
        internal int Now;

        /// <summary>The time of the last poll that found a frame.</summary>
        internal int ReceivedAt;

        /// <summary>Whether something was asked for since the last poll: something is to be sent, or a timer runs that it did not know of.</summary>
        internal bool Asked;

        /// <summary>
        /// Asks for a poll before the application sleeps.
        /// </summary>
        internal void Ask()
        {
            Asked = true;
        }

        /// <summary>
        /// The layers have done what was asked for.
        /// </summary>
        internal void Clear()
        {
            Asked = false;
        }
    }
}
