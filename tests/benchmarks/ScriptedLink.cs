// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;

namespace Benchmarks;

/// <summary>A cable at whose other end a script speaks. What the stack sends is looked at once and forgotten.</summary>
internal sealed class ScriptedLink : INetworkInterface
{
    private readonly Queue<byte[]> _arriving = new();

    /// <summary>Called with each frame that the stack sends.</summary>
    public Action<byte[]> Sent { get; set; } = _ => { };

    /// <summary>Frames that found no place in the stack's pool.</summary>
    public int NoPlace { get; private set; }

    /// <inheritdoc/>
    public WordOrder WordOrder => WordOrder.LowByteFirst;

    /// <inheritdoc/>
    public MacAddress MacAddress { get; } = new([2, 0, 0, 0, 0, 1]);

    /// <inheritdoc/>
    public bool IsLinkUp => true;

    /// <inheritdoc/>
    public bool CanSend => true;

    public void Deliver(byte[] frame) => _arriving.Enqueue(frame);

    /// <inheritdoc/>
    public int Poll(int now) => int.MaxValue;

    /// <inheritdoc/>
    public bool Send(Frame frame)
    {
        var bytes = new byte[frame.Length];
        frame.CopyBytesTo(0, bytes, 0, frame.Length);
        Sent(bytes);
        return true;
    }

    /// <inheritdoc/>
    public Frame? Receive(FramePool pool)
    {
        while (_arriving.TryDequeue(out byte[]? bytes))
        {
            Frame? frame = pool.RentForReceive(bytes.Length);
            if (frame != null)
            {
                frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
                return frame;
            }

            NoPlace++;
        }

        return null;
    }

    /// <inheritdoc/>
    public bool JoinMulticast(int group) => true;

    /// <inheritdoc/>
    public void LeaveMulticast(int group)
    {
    }
}
