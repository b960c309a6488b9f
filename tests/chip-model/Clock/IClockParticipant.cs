// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Something that happens in virtual time. All members are called while the clock's world is entered.</summary>
public interface IClockParticipant
{
    /// <summary>When something happens next, nanoseconds; <see cref="long.MaxValue"/> if nothing is planned.</summary>
    long NextDue { get; }

    /// <summary>Does what is due at <paramref name="now"/> and plans anew.</summary>
    void RunDue(long now);

    /// <summary>Another thread may have left something: looks and plans anew.</summary>
    void Notice();
}
