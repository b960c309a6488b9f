// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Benchmarks;

/// <summary>One end of a cable that delays every frame by the same time and loses some, by a seed.</summary>
/// <param name="last">Last byte of the station's address.</param>
/// <param name="delay">Milliseconds from end to end.</param>
/// <param name="loss">Share of frames that are lost, 0 to 1.</param>
/// <param name="seed">Seed of the losses.</param>
internal sealed class DelayedLink(byte last, int delay, double loss, int seed) : INetworkInterface
{
    private readonly Queue<(long At, byte[] Frame)> _arriving = new();
    private readonly Random _random = new(seed);

    public DelayedLink? Peer { get; set; }

    /// <summary>The time in milliseconds; it does not wrap.</summary>
    public long Now { get; set; }

    /// <summary>Milliseconds until the next frame arrives.</summary>
    public long NextArrival => _arriving.TryPeek(out (long At, byte[] Frame) first) ? Math.Max(0, first.At - Now) : long.MaxValue;

    /// <inheritdoc/>
    public WordOrder WordOrder => WordOrder.LowByteFirst;

    /// <inheritdoc/>
    public MacAddress MacAddress { get; } = new([2, 0, 0, 0, 0, last]);

    /// <inheritdoc/>
    public bool IsLinkUp => true;

    /// <inheritdoc/>
    public bool CanSend => true;

    /// <inheritdoc/>
    public int Poll(int now) => int.MaxValue;

    /// <inheritdoc/>
    public bool Send(Frame frame)
    {
        if (_random.NextDouble() >= loss)
        {
            var bytes = new byte[Math.Max(EthernetHeader.MinimumFrame, frame.Length)];
            frame.CopyBytesTo(0, bytes, 0, frame.Length);
            Peer!._arriving.Enqueue((Now + delay, bytes));
        }

        return true;
    }

    /// <inheritdoc/>
    public Frame? Receive(FramePool pool)
    {
        if (NextArrival > 0)
        {
            return null;
        }

        byte[] bytes = _arriving.Dequeue().Frame;
        Frame? frame = pool.RentForReceive(bytes.Length);
        frame?.CopyBytesFrom(0, bytes, 0, bytes.Length);
        return frame;
    }

    /// <inheritdoc/>
    public bool JoinMulticast(int group) => true;

    /// <inheritdoc/>
    public void LeaveMulticast(int group)
    {
    }
}
