// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Enc28j60;

namespace HostTests.ZeroAllocation;

/// <summary>The far end of the chip model's cable, as an interface for a second stack. All memory is taken when it is made.</summary>
internal sealed class ChipPeer : INetworkInterface, IEthernetPort
{
    private const int ShortestFrame = 60;
    private const int FcsLength = 4;

    private readonly Enc28j60Chip _chip;
    private readonly byte[][] _frames;
    private readonly int[] _lengths;
    private readonly byte[] _sending = new byte[EthernetHeader.MaximumFrame];
    private int _head;
    private int _count;

    public ChipPeer(Enc28j60Chip chip, int capacity)
    {
        _chip = chip;
        _lengths = new int[capacity];
        _frames = new byte[capacity][];
        for (int i = 0; i < capacity; i++)
        {
            _frames[i] = new byte[EthernetHeader.MaximumFrame];
        }

        chip.Port = this;
    }

    /// <inheritdoc/>
    public WordOrder WordOrder => WordOrder.LowByteFirst;

    /// <inheritdoc/>
    public MacAddress MacAddress { get; } = new([0x02, 0, 0, 0, 0, 2]);

    /// <inheritdoc/>
    public bool IsLinkUp => _chip.HasLink;

    /// <inheritdoc/>
    public bool CanSend => IsLinkUp;

    /// <summary>Gets the number of frames that were damaged, too long or too many: none, in a test without faults.</summary>
    public int Dropped { get; private set; }

    /// <inheritdoc/>
    public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        int length = frameWithFcs.Length - FcsLength;
        if (_count == _frames.Length || length > EthernetHeader.MaximumFrame || !EthernetCrc.IsValid(frameWithFcs))
        {
            Dropped++;
            return;
        }

        int slot = (_head + _count) % _frames.Length;
        frameWithFcs[..length].CopyTo(_frames[slot]);
        _lengths[slot] = length;
        _count++;
    }

    /// <inheritdoc/>
    public int Poll(int now) => _count > 0 ? 0 : int.MaxValue;

    /// <inheritdoc/>
    public bool Send(Frame frame)
    {
        int length = frame.Length;
        frame.CopyBytesTo(0, _sending, 0, length);
        if (length < ShortestFrame)
        {
            Array.Clear(_sending, length, ShortestFrame - length);
            length = ShortestFrame;
        }

        return _chip.Deliver(_sending.AsSpan(0, length));
    }

    /// <inheritdoc/>
    public Frame? Receive(FramePool pool)
    {
        if (_count == 0)
        {
            return null;
        }

        Frame? frame = pool.RentForReceive(_lengths[_head]);
        if (frame == null)
        {
            Dropped++;
        }
        else
        {
            frame.CopyBytesFrom(0, _frames[_head], 0, _lengths[_head]);
        }

        _head = (_head + 1) % _frames.Length;
        _count--;
        return frame;
    }

    /// <inheritdoc/>
    public bool JoinMulticast(int group) => true;

    /// <inheritdoc/>
    public void LeaveMulticast(int group)
    {
    }
}
