// Licensed under the MIT license. See LICENSE in the repository root.

namespace Benchmarks;

/// <summary>What an exchange cost on the SPI bus, and what went over the wire for it.</summary>
/// <param name="Name">The exchange.</param>
/// <param name="Transactions">Chip select windows, waiting polls not counted.</param>
/// <param name="Bytes">Bytes over SPI, waiting polls not counted.</param>
/// <param name="Polls">Polls that found nothing to do.</param>
/// <param name="FramesReceived">Frames that the board received.</param>
/// <param name="FramesSent">Frames that the board sent.</param>
/// <param name="FrameBytes">Bytes of all these frames, padding counted, FCS not.</param>
internal sealed record SpiCost(string Name, long Transactions, long Bytes, int Polls, int FramesReceived, int FramesSent, long FrameBytes)
{
    /// <summary>The aim of the first version: 14 transactions per received and 10 per sent frame.</summary>
    public long TransactionAim => (14 * FramesReceived) + (10 * FramesSent);

    /// <summary>The aim of the first version: 1.3 times the frames' bytes and 24 per frame.</summary>
    public long ByteAim => (long)(1.3 * FrameBytes) + (24 * (FramesReceived + FramesSent));
}
