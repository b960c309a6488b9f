// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>What went through a chip. Byte counts include the frame check sequence, not the preamble.</summary>
public sealed class ChipCounters
{
    /// <summary>Frames that the wire brought.</summary>
    public long FramesOffered { get; internal set; }

    /// <summary>Frames that went into the receive buffer.</summary>
    public long FramesReceived { get; internal set; }

    /// <summary>Bytes of the frames that went into the receive buffer.</summary>
    public long BytesReceived { get; internal set; }

    /// <summary>Frames that no filter accepted.</summary>
    public long DroppedByFilter { get; internal set; }

    /// <summary>Frames with a wrong frame check sequence that CRCEN refused.</summary>
    public long DroppedByCrc { get; internal set; }

    /// <summary>Frames for which there was no room, or that found the packet counter at 255.</summary>
    public long DroppedByOverflow { get; internal set; }

    /// <summary>Frames shorter than 18 bytes or longer than MAMXFL.</summary>
    public long DroppedByLength { get; internal set; }

    /// <summary>Frames that came while the link was down.</summary>
    public long DroppedByLinkDown { get; internal set; }

    /// <summary>Frames that came while RXEN or MARXEN was off.</summary>
    public long DroppedByRxOff { get; internal set; }

    /// <summary>Frames that came while the chip was in power save, in reset, without a clock or without power.</summary>
    public long DroppedByPowerState { get; internal set; }

    /// <summary>Frames whose reception was aborted by RXRST, a reset, or a running checksum (erratum 17).</summary>
    public long DroppedByAbort { get; internal set; }

    /// <summary>Frames that collided with one of the chip's own because the partner does not share its duplex mode.</summary>
    public long DroppedByCollision { get; internal set; }

    /// <summary>Packets whose header was corrupted in memory on purpose.</summary>
    public long HeadersCorrupted { get; internal set; }

    /// <summary>MAC control frames that PASSALL did not let through.</summary>
    public long DroppedAsControl { get; internal set; }

    /// <summary>Frames for which the model's queue of arrivals had no room. Never in a sane test.</summary>
    public long DroppedByModel { get; internal set; }

    /// <summary>Frames sent completely.</summary>
    public long FramesSent { get; internal set; }

    /// <summary>Bytes of the frames sent completely.</summary>
    public long BytesSent { get; internal set; }

    /// <summary>Transmissions that the chip aborted.</summary>
    public long TransmitAborts { get; internal set; }

    /// <summary>Frames that were cut off on the wire.</summary>
    public long FramesCut { get; internal set; }

    /// <summary>Collisions.</summary>
    public long Collisions { get; internal set; }

    /// <summary>Frames sent while the link was down: they reach nobody.</summary>
    public long SentWithoutLink { get; internal set; }

    /// <summary>Pause frames sent by the flow control.</summary>
    public long PauseFramesSent { get; internal set; }

    /// <summary>Pause frames that stopped the transmitter.</summary>
    public long PauseFramesReceived { get; internal set; }

    /// <summary>Times that the interrupt pin went low.</summary>
    public long InterruptEdges { get; internal set; }

    /// <summary>Resets of any kind.</summary>
    public long Resets { get; internal set; }

    /// <summary>Chip select windows.</summary>
    public long SpiTransactions { get; internal set; }

    /// <summary>Bytes over SPI.</summary>
    public long SpiBytes { get; internal set; }

    /// <summary>Frames offered that did not get into the receive buffer, for any reason.</summary>
    public long DroppedTotal => DroppedByFilter + DroppedByCrc + DroppedByOverflow + DroppedByLength + DroppedByLinkDown + DroppedByRxOff +
        DroppedByPowerState + DroppedByAbort + DroppedByCollision + DroppedAsControl + DroppedByModel;

    /// <inheritdoc/>
    public override string ToString() =>
        $"received {FramesReceived} of {FramesOffered} frames ({BytesReceived} bytes; dropped: filter {DroppedByFilter}, CRC {DroppedByCrc}, overflow {DroppedByOverflow}, " +
        $"length {DroppedByLength}, link {DroppedByLinkDown}, RX off {DroppedByRxOff}, power {DroppedByPowerState}, abort {DroppedByAbort}, collision {DroppedByCollision}, control {DroppedAsControl}, model {DroppedByModel}); " +
        $"sent {FramesSent} frames ({BytesSent} bytes; aborted {TransmitAborts}, cut {FramesCut}, collisions {Collisions}, without link {SentWithoutLink}); " +
        $"SPI {SpiTransactions} transactions, {SpiBytes} bytes; {InterruptEdges} interrupt edges, {Resets} resets";
}
