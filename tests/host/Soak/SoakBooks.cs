// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;

namespace HostTests.Soak;

/// <summary>
/// Accounts of frames, open while chip and driver are well: what the chip took is delivered, dropped under exactly one count, or still in the chip; what the driver took is
/// sent, given up under exactly one count, or on its way.
/// </summary>
internal sealed class SoakBooks(Enc28j60Chip chip, Enc28j60 driver, SoakPartner partner)
{
    private long _accepted;
    private long _settled;
    private long _waiting;
    private long _taken;
    private long _finished;
    private long _left;
    private long _sentByChip;
    private long _sentByDriver;
    private long _arrived;

    /// <summary>Gets or sets the frames that the driver took to send.</summary>
    public long Taken { get; set; }

    /// <summary>Gets a value indicating whether the books are open.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Gets how often the books were closed, and were right.</summary>
    public int Balanced { get; private set; }

    private long Accepted => chip.Counters.FramesReceived;

    private long Settled => (long)driver.Counters.FramesReceived + driver.Counters.DroppedNoFrame + driver.Counters.DamagedPackets;

    private long Waiting => chip.PeekRegister(Reg.EPKTCNT);

    private long Finished => (long)driver.Counters.FramesSent + driver.Counters.TransmitAborts + driver.Counters.TransmitTimeouts;

    private long Left => chip.Counters.FramesSent - chip.Counters.SentWithoutLink;

    /// <summary>Opens the books; nothing may be on its way out.</summary>
    public void Open()
    {
        IsOpen = true;
        _accepted = Accepted;
        _settled = Settled;
        _waiting = Waiting;
        _taken = Taken;
        _finished = Finished;
        _left = Left;
        _sentByChip = chip.Counters.FramesSent;
        _sentByDriver = driver.Counters.FramesSent;
        _arrived = partner.Arrived;
    }

    /// <summary>Closes the books; null if they are right.</summary>
    public string? Close()
    {
        IsOpen = false;
        long accepted = Accepted - _accepted;
        long settled = Settled - _settled + Waiting - _waiting;
        long taken = Taken - _taken;
        long finished = Finished - _finished;
        long left = Left - _left;
        long arrived = partner.Arrived - _arrived;
        long sentByChip = chip.Counters.FramesSent - _sentByChip;
        long sentByDriver = driver.Counters.FramesSent - _sentByDriver;
        if (accepted != settled)
        {
            return $"the chip took {accepted} frames, and {settled} are accounted for";
        }

        if (taken - finished is < 0 or > 1)
        {
            return $"the driver took {taken} frames, and {finished} are accounted for";
        }

        if (left != arrived)
        {
            return $"{left} frames left the chip, and {arrived} came to the partner";
        }

        if (sentByChip - sentByDriver is < 0 or > 1)
        {
            return $"the chip sent {sentByChip} frames, and the driver believes {sentByDriver}";
        }

        Balanced++;
        return null;
    }

    /// <summary>Closes the books without looking.</summary>
    public void Discard() => IsOpen = false;
}
