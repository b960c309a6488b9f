// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Runtime.InteropServices;
using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Capture;
using VirtualBoard.Enc28j60;
using VirtualBoard.Tap;

namespace HostTests.EndToEnd;

/// <summary>
/// The stack's controller: a TAP device, no chip. On the way to and from the kernel a wire may lose, repeat and reorder frames. All that the
/// stack sends and gets is written to a capture. One thread uses it.
/// </summary>
internal sealed class KernelWire : INetworkInterface, IDisposable
{
    private const int ShortestFrame = 60;
    private const int LongestFrame = 1514;
    private const long Speed = 100_000_000;

    // Some frames at the speeds that are reached here overtake one that is held back for so long.
    private const long ReorderDelayNs = 400_000;

    private readonly TapDevice _device;
    private readonly PcapNgWriter _capture;
    private readonly int _port;
    private readonly DateTime _started = DateTime.UtcNow;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SeededImpairment? _inward;
    private readonly SeededImpairment? _outward;
    private readonly PriorityQueue<(byte[] Frame, int Length, bool Inward), (long Due, long Order)> _flying = new();
    private readonly Queue<(byte[] Frame, int Length)> _arrived = new();
    private readonly Stack<byte[]> _spare = new();
    private long _order;

    /// <summary>Connects the stack to a TAP device.</summary>
    /// <param name="device">The device, which remains the caller's.</param>
    /// <param name="capturePath">The capture file.</param>
    /// <param name="impairedPercent">Percent of the frames that are lost, of those that are repeated, and of those that are held back,
    /// in each direction.</param>
    /// <param name="seed">Decides which.</param>
    public KernelWire(TapDevice device, string capturePath, double impairedPercent, int seed)
    {
        _device = device;
        _capture = new PcapNgWriter(new FileStream(capturePath, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16), "host tests");
        _port = _capture.AddInterface("stack", "The stack on a TAP device", Speed);
        if (impairedPercent > 0)
        {
            _inward = CreateImpairment(impairedPercent, seed);
            _outward = CreateImpairment(impairedPercent, seed + 1000);
        }
    }

    public WordOrder WordOrder => WordOrder.LowByteFirst;

    public MacAddress MacAddress { get; } = new([0x06, 0x28, 0x60, 0, 0, 1]);

    public bool IsLinkUp { get; set; } = true;

    public bool CanSend => true;

    /// <summary>Gets the milliseconds since the start, which are the stack's time.</summary>
    public int Now => (int)_clock.ElapsedMilliseconds;

    /// <summary>Gets the frames that came from the kernel.</summary>
    public int FromKernel { get; private set; }

    /// <summary>Gets the frames that the stack sent.</summary>
    public int FromStack { get; private set; }

    /// <summary>Gets the frames that the wire lost.</summary>
    public int Lost { get; private set; }

    /// <summary>Gets the frames that the kernel did not take.</summary>
    public int Refused { get; private set; }

    /// <summary>Gets a value indicating whether the stack's last SYN offered selective acknowledgments (RFC 2018 section 2).</summary>
    public bool OffersSack { get; private set; }

    /// <summary>Gets the frames that found no place in the pool.</summary>
    public int NoPlace { get; private set; }

    public bool JoinMulticast(int group) => true;

    public void LeaveMulticast(int group)
    {
    }

    public int Poll(int now)
    {
        ReadKernel(0);
        Deliver();
        return int.MaxValue;
    }

    public bool Send(Frame frame)
    {
        int length = Math.Max(frame.Length, ShortestFrame);
        byte[] bytes = TakeBuffer();
        Span<byte> used = bytes.AsSpan(0, length);
        MemoryMarshal.AsBytes(frame.Words.AsSpan(Frame.PrefixWords))[..frame.Length].CopyTo(used);
        used[frame.Length..].Clear();
        FromStack++;
        NoteOptions(used[..frame.Length]);
        Carry(bytes, length, inward: false);
        return true;
    }

    public Frame? Receive(FramePool pool)
    {
        while (_arrived.TryDequeue(out (byte[] Bytes, int Length) next))
        {
            ReadOnlySpan<byte> bytes = next.Bytes.AsSpan(0, next.Length);
            Frame? frame = pool.RentForReceive(next.Length);
            if (frame != null)
            {
                bytes.CopyTo(MemoryMarshal.AsBytes(frame.Words.AsSpan(Frame.PrefixWords)));
            }
            else
            {
                NoPlace++;
            }

            Write(bytes, PacketDirection.Inbound, frame == null ? "no place in the pool" : null);
            _spare.Push(next.Bytes);
            if (frame != null)
            {
                return frame;
            }
        }

        return null;
    }

    /// <summary>Waits until there is something to do for the stack.</summary>
    /// <param name="milliseconds">The longest wait.</param>
    public void Wait(int milliseconds)
    {
        if (_flying.TryPeek(out _, out (long Due, long Order) first))
        {
            // What is held back is due within less than the kernel's wait can measure.
            milliseconds = (int)Math.Min(milliseconds, Math.Max(0, (first.Due - NowNs()) / 1_000_000));
        }

        if (_arrived.Count == 0)
        {
            ReadKernel(milliseconds);
        }
    }

    /// <summary>Closes the capture.</summary>
    public void Dispose() => _capture.Dispose();

    /// <summary>Looks for SACK-Permitted, which only a SYN can carry, among the options.</summary>
    private void NoteOptions(ReadOnlySpan<byte> frame)
    {
        const int Tcp = 34;
        const int Options = Tcp + 20;
        if (frame.Length < Options || frame[23] != 6 || (frame[Tcp + 13] & 2) == 0)
        {
            return;
        }

        OffersSack = false;
        int end = Tcp + ((frame[Tcp + 12] >> 4) * 4);
        for (int i = Options; i + 1 < end && frame[i] != 0; i += frame[i] == 1 ? 1 : frame[i + 1])
        {
            OffersSack |= frame[i] == 4;
        }
    }

    private static SeededImpairment CreateImpairment(double percent, int seed) => new(seed)
    {
        LossRate = percent / 100,
        DuplicateRate = percent / 100,
        ReorderRate = percent / 100,
        ReorderDelayNs = ReorderDelayNs,
    };

    private long NowNs() => _clock.Elapsed.Ticks * 100;

    private byte[] TakeBuffer() => _spare.TryPop(out byte[]? buffer) ? buffer : new byte[LongestFrame];

    /// <summary>Takes what the kernel has sent, but no more than the stack takes in a poll.</summary>
    private void ReadKernel(int milliseconds)
    {
        while (_arrived.Count < TcpIp.TcpIpStack.ReceiveBurst)
        {
            byte[] bytes = TakeBuffer();
            int length = _device.Read(bytes, milliseconds);
            if (length <= 0)
            {
                _spare.Push(bytes);
                return;
            }

            milliseconds = 0;
            if (length < ShortestFrame)
            {
                // The kernel leaves padding to the controller.
                bytes.AsSpan(length, ShortestFrame - length).Clear();
                length = ShortestFrame;
            }

            FromKernel++;
            Carry(bytes, length, inward: true);
        }
    }

    /// <summary>A frame enters the wire.</summary>
    private void Carry(byte[] bytes, int length, bool inward)
    {
        SeededImpairment? impairment = inward ? _inward : _outward;
        WireFate fate = impairment?.Judge(bytes.AsSpan(0, length), NowNs()) ?? default;
        if (!inward)
        {
            Write(bytes.AsSpan(0, length), PacketDirection.Outbound, fate.Lost ? "lost" : null);
        }

        if (fate.Lost)
        {
            Lost++;
            _spare.Push(bytes);
            return;
        }

        for (int copies = fate.ExtraCopies; copies > 0; copies--)
        {
            byte[] copy = TakeBuffer();
            bytes.AsSpan(0, length).CopyTo(copy);
            Forward(copy, length, inward, fate.DelayNs);
        }

        Forward(bytes, length, inward, fate.DelayNs);
    }

    private void Forward(byte[] bytes, int length, bool inward, long delayNs)
    {
        if (delayNs > 0)
        {
            _flying.Enqueue((bytes, length, inward), (NowNs() + delayNs, _order++));
        }
        else
        {
            Arrive(bytes, length, inward);
        }
    }

    private void Deliver()
    {
        while (_flying.TryPeek(out (byte[] Frame, int Length, bool Inward) next, out (long Due, long Order) key) && key.Due <= NowNs())
        {
            _flying.Dequeue();
            Arrive(next.Frame, next.Length, next.Inward);
        }
    }

    private void Arrive(byte[] bytes, int length, bool inward)
    {
        if (inward)
        {
            _arrived.Enqueue((bytes, length));
            return;
        }

        if (!_device.Write(bytes.AsSpan(0, length)))
        {
            Refused++;
        }

        _spare.Push(bytes);
    }

    private void Write(ReadOnlySpan<byte> frame, PacketDirection direction, string? comment) =>
        _capture.WritePacket(_port, ((_started - DateTime.UnixEpoch).Ticks * 100) + NowNs(), frame, direction, comment: comment);
}
