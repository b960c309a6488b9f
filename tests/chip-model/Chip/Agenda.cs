// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>Which block has something to do next, and when; and the order in which they do what is due at the same time.</summary>
internal sealed class Agenda(ChipBlocks chip)
{
    /// <summary>When something happens next.</summary>
    internal long NextDue { get; private set; } = long.MaxValue;

    /// <summary>Finds out anew when something happens next and tells the clock.</summary>
    internal void Replan()
    {
        long due = Math.Min(Math.Min(chip.Power.Due, chip.Phy.Due), Math.Min(chip.Mii.Due, chip.Dma.Due));
        due = Math.Min(due, Math.Min(chip.Bist.Due, chip.Flow.Due));
        due = Math.Min(due, Math.Min(chip.Transmit.Due, chip.Receive.Due));
        if (due != NextDue)
        {
            NextDue = due;
            chip.Clock.DueChanged();
        }
    }

    internal void RunDue(long now)
    {
        while (NextDue <= now)
        {
            if (chip.Power.Due <= now)
            {
                chip.Power.OscillatorStarted();
            }

            if (chip.Phy.Due <= now)
            {
                chip.Phy.UpdateLink();
            }

            if (chip.Mii.Due <= now)
            {
                chip.Mii.Finish();
            }

            if (chip.Dma.Due <= now)
            {
                chip.Dma.Finish();
            }

            if (chip.Bist.Due <= now)
            {
                chip.Bist.Finish();
            }

            // The transmitter goes before the receiver: at the end of a foreign frame a waiting one gets its turn.
            if (chip.Transmit.Due <= now)
            {
                chip.Transmit.Advance(now);
            }

            if (chip.Flow.Due <= now)
            {
                chip.Flow.SendPauseFrame(now);
            }

            if (chip.Receive.Due <= now)
            {
                chip.Receive.Advance(now);
            }

            Replan();
        }
    }
}
