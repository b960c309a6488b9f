// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>The real driver on the strict model, with a tap between them and a recorder on the wire.</summary>
internal sealed class TrapBench : IEthernetPort, IDisposable
{
    public static readonly byte[] Station = [0x02, 0x12, 0x34, 0x56, 0x78, 0x9A];
    public static readonly byte[] Peer = [0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE];
    public static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    private const long LoopNs = 20_000;
    private const long MillisecondNs = 1_000_000;

    public TrapBench(ChipOptions? options = null, int clockHz = 20_000_000, int largest = 1518, bool fullDuplex = false)
    {
        Chip = new Enc28j60Chip(Clock, options) { Port = this };
        Tap = new TrapTap(Chip);
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        board.Spi.Attach(2, 5, Tap);
        BoardHardware.Current = board;
        Driver = new Enc28j60(
            SpiDevice.Create(new SpiConnectionSettings(2, 5) { ClockFrequency = clockHz, Mode = Enc28j60.DefaultSpiMode }),
            new MacAddress(Station),
            new Enc28j60Options { FullDuplex = fullDuplex });

        // The four zero bytes that an ESP32 sends when it opens the device are not the driver's.
        Tap.Log.Clear();
        Pool = new FramePool([64, largest], [8, 6], WordOrder.LowByteFirst, 0, true);
    }

    public VirtualClock Clock { get; } = new();

    public Enc28j60Chip Chip { get; }

    public TrapTap Tap { get; }

    public Enc28j60 Driver { get; }

    public FramePool Pool { get; }

    /// <summary>Gets the frames on the wire, check sequence included.</summary>
    public List<byte[]> Sent { get; } = [];

    public int Now => (int)(Clock.NowNs / MillisecondNs);

    /// <summary>A bench with the driver running and its link up.</summary>
    public static TrapBench Running(ChipOptions? options = null, int largest = 1518, bool fullDuplex = false)
    {
        var bench = new TrapBench(options, largest: largest, fullDuplex: fullDuplex);
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        Assert.True(bench.RunUntil(() => bench.Driver.IsLinkUp, 1000), "no link");
        return bench;
    }

    /// <summary>Starts the driver; false if that fails.</summary>
    public bool TryStart()
    {
        Tap.BeginCall();
        if (!Driver.Probe())
        {
            return false;
        }

        Driver.Attach(Pool);
        Tap.BeginCall();
        Driver.Start();
        return RunUntil(() => Driver.State != Enc28j60State.Starting, 2000) && Driver.State == Enc28j60State.Running;
    }

    public void Turn()
    {
        Tap.BeginCall();
        int wait = Driver.Poll(Now);
        Clock.Advance(wait <= 0 ? LoopNs : Math.Min(wait, 50) * MillisecondNs);
    }

    public void Run(int milliseconds) => RunUntil(() => false, milliseconds);

    public bool RunUntil(Func<bool> condition, int limitMs)
    {
        long end = Clock.NowNs + (limitMs * MillisecondNs);
        while (!condition())
        {
            if (Clock.NowNs >= end)
            {
                return false;
            }

            Turn();
        }

        return true;
    }

    /// <summary>Puts a frame on the wire and lets it arrive.</summary>
    public void Deliver(byte[] frame)
    {
        Assert.True(Chip.Deliver(frame));
        Arrive();
    }

    public void Arrive()
    {
        while (Chip.IsReceiving)
        {
            Clock.Advance(10_000);
        }
    }

    /// <summary>Takes a frame from the driver.</summary>
    public byte[]? Receive()
    {
        Tap.BeginCall();
        Frame frame = Driver.Receive(Pool);
        if (frame == null)
        {
            return null;
        }

        var bytes = new byte[frame.Length];
        frame.CopyBytesTo(0, bytes, 0, bytes.Length);
        Pool.Return(frame);
        return bytes;
    }

    public List<byte[]> ReceiveAll()
    {
        var frames = new List<byte[]>();
        while (Receive() is { } frame)
        {
            frames.Add(frame);
        }

        return frames;
    }

    /// <summary>Brings a frame to the chip and takes it from the driver.</summary>
    public void Exchange(byte[] frame)
    {
        Deliver(frame);
        Assert.Equal(frame, Receive());
    }

    public bool Send(byte[] bytes)
    {
        Frame frame = Pool.Rent(bytes.Length);
        frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
        frame.Length = bytes.Length;
        Tap.BeginCall();
        bool taken = Driver.Send(frame);
        Pool.Return(frame);
        return taken;
    }

    /// <summary>Sends, and polls until the next frame could be sent; false if that takes too long.</summary>
    public bool SendAndFinish(byte[] bytes, int limitMs = 1000)
    {
        Assert.True(Send(bytes));
        return RunUntil(() => Driver.CanSend, limitMs);
    }

    /// <summary>Sends a frame and sees it come out whole.</summary>
    public void SendWhole(byte[] bytes, int limitMs = 1000)
    {
        Assert.True(SendAndFinish(bytes, limitMs), "not sent in time");
        var padded = new byte[Math.Max(60, bytes.Length)];
        bytes.CopyTo(padded, 0);
        Assert.True(EthernetCrc.IsValid(Sent[^1]), "wrong check sequence");
        Assert.Equal(padded, Sent[^1][..^4]);
    }

    /// <summary>Some of everything: lengths, wraps, batches, sending, link.</summary>
    public void Exercise()
    {
        for (int i = 0; i < 60; i++)
        {
            Exchange(Frame(60 + (i * 97 % 1455), i));
            SendWhole(Frame(14 + (i * 131 % 1501), i, Peer));
        }

        for (int i = 0; i < 12; i++)
        {
            Deliver(Frame(60 + i, i));
        }

        Assert.Equal(12, ReceiveAll().Count);
        Chip.LinkUp = false;
        Assert.True(RunUntil(() => !Driver.IsLinkUp, 2000));
        Chip.LinkUp = true;
        Assert.True(RunUntil(() => Driver.IsLinkUp, 2000));
        Run(600);
        Exchange(Frame(100, 1));
        SendWhole(Frame(100, 2, Peer));
    }

    /// <summary>A frame with distinguishable bytes, to the station unless told otherwise.</summary>
    public static byte[] Frame(int length, int seed, byte[]? to = null)
    {
        var frame = new byte[length];
        new Random(seed).NextBytes(frame);
        (to ?? Station).CopyTo(frame, 0);
        Peer.CopyTo(frame, 6);
        if (length >= 14)
        {
            frame[12] = 0x08;
            frame[13] = 0x00;
        }

        return frame;
    }

    public void AssertClean()
    {
        Assert.True(IsClean, Chip.Violations.ToString());
        AssertNothingLeaked();
    }

    public bool IsClean => Chip.Violations.Count == 0 && Chip.Violations.WarningCount == 0;

    public void AssertNothingLeaked()
    {
        int total = 0;
        for (int i = 0; i < Pool.Classes; i++)
        {
            total += Pool.Total(i);
        }

        Assert.Equal(total, Pool.Free);
        Assert.Equal(0u, Pool.DoubleReturns);
        Assert.Equal(0u, Pool.UsesAfterReturn);
    }

    public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs) => Sent.Add(frameWithFcs.ToArray());

    public void Dispose() => Driver.Dispose();
}
