// Licensed under the MIT license. See LICENSE in the repository root.

using TcpIp.Ethernet;
using TcpIp.Link;

namespace HostTests.Support;

/// <summary>
/// A network controller made of two rings in memory. It allocates nothing after it is made, and it puts rubbish where a real
/// one leaves rubbish: in the driver's prefix, and in the half word behind an odd last byte.
/// </summary>
internal sealed class TestInterface : INetworkInterface
{
    private const int RingSize = 4096;
    private const byte Rubbish = 0xA5;

    private readonly byte[][] _inbound = new byte[RingSize][];
    private readonly byte[]?[] _outbound = new byte[RingSize][];
    private readonly int[] _outboundLength = new int[RingSize];
    private readonly byte[][] _spare = new byte[64][];
    private int _inboundHead;
    private int _inboundTail;
    private int _outboundHead;
    private int _outboundTail;

    public TestInterface(WordOrder order, ulong mac)
    {
        WordOrder = order;
        byte[] octets = new byte[6];
        Wire.Put48(octets, 0, mac);
        MacAddress = new MacAddress(octets);
        for (int i = 0; i < _spare.Length; i++)
        {
            _spare[i] = new byte[1600];
        }
    }

    public WordOrder WordOrder { get; }

    public MacAddress MacAddress { get; }

    public bool IsLinkUp { get; set; } = true;

    /// <summary>Gets or sets a value indicating whether the controller is still busy with the frame before.</summary>
    public bool Busy { get; set; }

    /// <summary>Gets or sets how many frames it takes before it is busy.</summary>
    public int SendsLeft { get; set; } = int.MaxValue;

    public bool CanSend => !Busy && SendsLeft > 0;

    /// <summary>Gets the frames that found no place in the pool.</summary>
    public int NoPlace { get; private set; }

    /// <summary>Gets the groups that are joined, by their low 23 bits; one that is joined twice is there twice.</summary>
    public List<int> Groups { get; } = new(16);

    /// <summary>Gets or sets how many groups find room.</summary>
    public int GroupRoom { get; set; } = 16;

    /// <summary>Gets or sets what goes wrong whenever the controller is asked for a frame or sent one; null for nothing.</summary>
    public Exception? Fault { get; set; }

    /// <summary>Gets or sets what goes wrong whenever it is asked for a frame and has none; null for nothing.</summary>
    public Exception? EmptyFault { get; set; }

    /// <summary>Gets or sets after how many frames more it is that the one which is sent next ends in an exception; below 0 for never.</summary>
    public int SendsBeforeFault { get; set; } = -1;

    public bool HasInbound => _inboundHead != _inboundTail;

    public bool HasOutbound => _outboundHead != _outboundTail;

    public int Poll(int now) => int.MaxValue;

    public void Deliver(byte[] frame)
    {
        _inbound[_inboundTail++ & (RingSize - 1)] = frame;
        if (_inboundTail - _inboundHead > RingSize)
        {
            throw new InvalidOperationException("too many frames for the test's ring");
        }
    }

    public byte[] TakeSent()
    {
        int slot = _outboundHead++ & (RingSize - 1);
        byte[] frame = _outbound[slot]!.AsSpan(0, _outboundLength[slot]).ToArray();
        return frame;
    }

    public bool Send(Frame frame)
    {
        Throw(Fault);
        if (SendsBeforeFault >= 0 && SendsBeforeFault-- == 0)
        {
            throw new InvalidOperationException("the bus has failed");
        }

        if (!CanSend)
        {
            return false;
        }

        // a controller is sent all of a frame's words, used or not, and has room for no more than a frame
        if (frame.Capacity > 1600)
        {
            throw new InvalidOperationException("a frame that no controller could take");
        }

        SendsLeft--;
        int slot = _outboundTail & (RingSize - 1);
        byte[] bytes = _outbound[slot] ?? NewBuffer();
        _outbound[slot] = bytes;
        int length = frame.Length;
        ushort[] words = frame.Words;
        for (int i = 0; i < length; i++)
        {
            ushort word = words[Frame.PrefixWords + (i / 2)];
            bool low = (i % 2 == 0) == (WordOrder == WordOrder.LowByteFirst);
            bytes[i] = (byte)(low ? word : word >> 8);
        }

        _outboundLength[slot] = length;
        _outboundTail++;
        if (_outboundTail - _outboundHead > RingSize)
        {
            throw new InvalidOperationException("the stack sends without end");
        }

        return true;
    }

    public Frame? Receive(FramePool pool)
    {
        Throw(Fault);
        while (HasInbound)
        {
            byte[] bytes = _inbound[_inboundHead++ & (RingSize - 1)];
            Frame? frame = pool.RentForReceive(bytes.Length);
            if (frame == null)
            {
                NoPlace++;
                continue;
            }

            frame.Length = bytes.Length;
            ushort[] words = frame.Words;
            words[0] = 0x5AA5;
            for (int i = 0; i < bytes.Length; i += 2)
            {
                int first = bytes[i];
                int second = i + 1 < bytes.Length ? bytes[i + 1] : Rubbish;
                words[Frame.PrefixWords + (i / 2)] =
                    (ushort)(WordOrder == WordOrder.LowByteFirst ? first | (second << 8) : (first << 8) | second);
            }

            return frame;
        }

        Throw(EmptyFault);
        return null;
    }

    public bool JoinMulticast(int group)
    {
        if (Groups.Count >= GroupRoom)
        {
            return false;
        }

        Groups.Add(group);
        return true;
    }

    public void LeaveMulticast(int group)
    {
        if (!Groups.Remove(group))
        {
            throw new InvalidOperationException("left, but not joined");
        }
    }

    /// <summary>Makes all buffers now, so that none is made while allocations are counted.</summary>
    public void WarmUp()
    {
        for (int i = 0; i < RingSize; i++)
        {
            _outbound[i] ??= new byte[1600];
        }
    }

    private static void Throw(Exception? fault)
    {
        if (fault != null)
        {
            throw fault;
        }
    }

    private byte[] NewBuffer()
    {
        int slot = _outboundTail & (RingSize - 1);
        return slot < _spare.Length ? _spare[slot] : new byte[1600];
    }
}
