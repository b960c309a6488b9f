// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Link;

namespace HostTests.Support;

/// <summary>
/// One end of a cable between two stacks, without chip and SPI. What one end sends the other can take at once; all memory is taken
/// when the pair is made.
/// </summary>
internal sealed class MemoryInterface : INetworkInterface
{
    /// <summary>Shortest frame on the wire, without FCS: a sender pads to it.</summary>
    private const int ShortestFrame = 60;

    private readonly ushort[][] _frames;
    private readonly int[] _lengths;
    private MemoryInterface _peer;
    private int _head;
    private int _count;
    private int _sinceLoss;
    private bool _isLinkUp = true;

    private MemoryInterface(MacAddress address, WordOrder order, int capacity)
    {
        MacAddress = address;
        WordOrder = order;
        _peer = this;
        _lengths = new int[capacity];
        _frames = new ushort[capacity][];
        for (int i = 0; i < capacity; i++)
        {
            _frames[i] = new ushort[Frame.WordsFor(EthernetHeader.MaximumFrame)];
        }
    }

    /// <inheritdoc/>
    public WordOrder WordOrder { get; }

    /// <inheritdoc/>
    public MacAddress MacAddress { get; }

    /// <summary>
    /// Gets or sets a value indicating whether the cable is plugged in at this end. A frame that waits is still delivered.
    /// </summary>
    public bool IsLinkUp
    {
        get => _isLinkUp && _peer._isLinkUp;
        set => _isLinkUp = value;
    }

    /// <summary>Gets a value indicating whether the wire has room: no frame is lost unless <see cref="LoseEvery"/> says so.</summary>
    public bool CanSend => IsLinkUp && _peer._count < _peer._frames.Length;

    /// <summary>Gets or sets how often a frame sent from here is lost: 7 loses every seventh, 0 none.</summary>
    public int LoseEvery { get; set; }

    /// <summary>Gets the number of frames that were sent and not lost.</summary>
    public uint Sent { get; private set; }

    /// <summary>Gets the number of frames that were lost on the way from here.</summary>
    public uint Lost { get; private set; }

    /// <summary>Gets the number of frames that arrived here and found no place in the pool.</summary>
    public uint NoFrame { get; private set; }

    /// <summary>Makes both ends of a cable.</summary>
    /// <param name="capacity">Frames that can be under way in each direction.</param>
    /// <param name="order">Word order of the first end.</param>
    /// <param name="otherOrder">Word order of the other end.</param>
    public static (MemoryInterface First, MemoryInterface Other) CreatePair(
        int capacity = 32, WordOrder order = WordOrder.LowByteFirst, WordOrder otherOrder = WordOrder.LowByteFirst)
    {
        MemoryInterface first = new(new MacAddress([0x02, 0, 0, 0, 0, 1]), order, capacity);
        MemoryInterface other = new(new MacAddress([0x02, 0, 0, 0, 0, 2]), otherOrder, capacity);
        first._peer = other;
        other._peer = first;
        return (first, other);
    }

    /// <inheritdoc/>
    public int Poll(int now) => _count > 0 ? 0 : int.MaxValue;

    /// <inheritdoc/>
    public bool Send(Frame frame)
    {
        if (!CanSend)
        {
            return false;
        }

        if (LoseEvery > 0 && ++_sinceLoss >= LoseEvery)
        {
            _sinceLoss = 0;
            Lost++;
            return true;
        }

        Sent++;
        _peer.Arrive(frame, WordOrder != _peer.WordOrder);
        return true;
    }

    /// <inheritdoc/>
    public Frame? Receive(FramePool pool)
    {
        while (_count > 0)
        {
            int length = _lengths[_head];
            ushort[] words = _frames[_head];
            _head = (_head + 1) % _frames.Length;
            _count--;
            Frame? frame = pool.RentForReceive(length);
            if (frame != null)
            {
                frame.CopyWordsFrom(0, words, Frame.PrefixWords, (length + 1) >> 1);
                return frame;
            }

            NoFrame++;
        }

        return null;
    }

    /// <inheritdoc/>
    public bool JoinMulticast(int group) => true;

    /// <inheritdoc/>
    public void LeaveMulticast(int group)
    {
    }

    private void Arrive(Frame frame, bool swap)
    {
        int slot = (_head + _count) % _frames.Length;
        ushort[] words = _frames[slot];
        int length = frame.Length;
        frame.CopyWordsTo(0, words, Frame.PrefixWords, (length + 1) >> 1);
        int end = Frame.WordsFor(length);
        if ((length & 1) != 0)
        {
            // of the last word one byte was sent; the other is padding, whatever it held
            words[end - 1] &= (ushort)(frame.LowByteFirst ? 0x00FF : 0xFF00);
        }

        if (swap)
        {
            for (int i = Frame.PrefixWords; i < end; i++)
            {
                words[i] = (ushort)((words[i] << 8) | (words[i] >> 8));
            }
        }

        if (length < ShortestFrame)
        {
            length = ShortestFrame;
            Array.Clear(words, end, Frame.WordsFor(length) - end);
        }

        _lengths[slot] = length;
        _count++;
    }
}
