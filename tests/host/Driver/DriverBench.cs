// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Frames;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The driver, the chip's model and a wire that remembers what was sent.</summary>
internal sealed class DriverBench : IEthernetPort, IDisposable
{
    /// <summary>What the loop around the driver takes on a device, nanoseconds.</summary>
    private const long LoopNs = 20_000;

    private const long MillisecondNs = 1_000_000;

    public static readonly byte[] Station = [0x02, 0x12, 0x34, 0x56, 0x78, 0x9A];
    public static readonly byte[] Peer = [0x02, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE];
    public static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];

    /// <summary>Where INT is wired to.</summary>
    public const int InterruptPin = 4;

    /// <summary>Where RESET is wired to.</summary>
    public const int ResetPin = 16;

    private readonly SpiDevice _device;
    private readonly int _epoch;
    private readonly int _bytesBefore;

    public DriverBench(
        ChipOptions? options = null,
        SpiWordOrder order = SpiWordOrder.LowByteFirst,
        int clockHz = 20_000_000,
        int epoch = 0,
        Enc28j60Options? driverOptions = null)
    {
        _epoch = epoch;
        Chip = new Enc28j60Chip(Clock, options) { Port = this };
        Tap = new SpiTap(Chip);
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        board.Spi.WordOrder = order;
        board.Spi.Attach(2, 5, Tap);
        BoardHardware.Current = board;
        _device = SpiDevice.Create(new SpiConnectionSettings(2, 5) { ClockFrequency = clockHz, Mode = Enc28j60.DefaultSpiMode });
        _bytesBefore = Tap.Bytes;
        Board = board;
        Chip.WireInterruptPin(board.Gpio, InterruptPin);
        Chip.WireResetPin(board.Gpio, ResetPin);
        Driver = driverOptions == null
            ? new Enc28j60(_device, new MacAddress(Station))
            : new Enc28j60(_device, new MacAddress(Station), driverOptions);
    }

    public VirtualClock Clock { get; } = new();

    public Enc28j60Chip Chip { get; }

    public SpiTap Tap { get; }

    /// <summary>Gets the transfers of the driver so far.</summary>
    public uint Transfers => (uint)Tap.Windows - 1;

    /// <summary>Gets their bytes.</summary>
    public uint TransferBytes => (uint)(Tap.Bytes - _bytesBefore);

    public BoardHardware Board { get; }

    /// <summary>Gets or sets what else happens to a frame on the wire, FCS included.</summary>
    public Action<byte[]>? OnSent { get; set; }

    public Enc28j60 Driver { get; }

    public FramePool Pool { get; private set; } = null!;

    /// <summary>Gets the frames on the wire, FCS cut off.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>Gets the frames on the wire whose FCS was wrong.</summary>
    public List<byte[]> SentBroken { get; } = [];

    /// <summary>Gets or sets a value indicating whether each call must leave bank 0 selected, as all do that come to their end.</summary>
    public bool EndsInBankZero { get; set; } = true;

    /// <summary>Gets or sets whether <see cref="Sent"/> is filled.</summary>
    public bool Remember { get; set; } = true;

    /// <summary>Gets the milliseconds that the driver is told.</summary>
    public int Now => unchecked(_epoch + (int)(Clock.NowNs / MillisecondNs));

    /// <summary>A bench with the chip running and its link up.</summary>
    public static DriverBench Running(
        ChipOptions? options = null,
        SpiWordOrder order = SpiWordOrder.LowByteFirst,
        int[]? capacities = null,
        int[]? counts = null,
        int epoch = 0,
        Enc28j60Options? driverOptions = null)
    {
        var bench = new DriverBench(options, order, epoch: epoch, driverOptions: driverOptions);
        Assert.True(bench.Driver.Probe(), bench.Driver.Fault.ToString());
        bench.AttachPool(capacities ?? [64, 1518], counts ?? [8, 4]);
        bench.Start();
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        return bench;
    }

    /// <summary>A bench as <see cref="Running"/>, all of whose instructions are noted, those of the start too.</summary>
    public static DriverBench Noted()
    {
        var bench = new DriverBench();
        bench.Tap.KeepsInstructions = true;
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000, "the link");
        return bench;
    }

    /// <summary>Looks for the chip, attaches a pool if there is none, and starts; false if that fails.</summary>
    public bool TryStart()
    {
        if (!Driver.Probe())
        {
            return false;
        }

        if (Pool == null)
        {
            AttachPool([64, 1518], [8, 6]);
        }

        Start();
        return Driver.State == Enc28j60State.Running;
    }

    public void AttachPool(int[] capacities, int[] counts, int reserve = 0)
    {
        Pool = new FramePool(capacities, counts, Driver.WordOrder, reserve, true);
        Driver.Attach(Pool);
    }

    /// <summary>Starts the chip, without a pool if none was attached, and polls until the start is over.</summary>
    public void Start()
    {
        if (Pool != null)
        {
            Driver.Start();
        }
        else
        {
            Driver.StartChip();
        }

        RunUntil(() => Driver.State != Enc28j60State.Starting, 1000);
    }

    /// <summary>One turn of the loop around the driver.</summary>
    public void Turn()
    {
        Tap.BeginCall();
        int wait = Driver.Poll(Now);
        Tap.EndCall();
        AssertBankZero();
        Assert.InRange(wait, 0, 1000);
        Clock.Advance(wait == 0 ? LoopNs : wait * MillisecondNs);
    }

    public void Run(int milliseconds)
    {
        long end = Clock.NowNs + (milliseconds * MillisecondNs);
        while (Clock.NowNs < end)
        {
            Turn();
        }
    }

    public void RunUntil(Func<bool> condition, int limitMs, string what = "it") =>
        Assert.True(TryRunUntil(condition, limitMs), $"{what} never came true: {Driver.State}, {Driver.Fault}");

    public bool TryRunUntil(Func<bool> condition, int limitMs)
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

    /// <summary>Brings a frame to the chip.</summary>
    public void Deliver(byte[] frame)
    {
        Assert.True(Chip.Deliver(frame));
        Arrive();
    }

    /// <summary>Brings frames to the chip, one behind the other; their seeds count from 0.</summary>
    public void Deliver(int count, int length = 60)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(Chip.Deliver(MakeFrame(length, i)));
        }

        Arrive();
    }

    /// <summary>Lets everything that is on the wire arrive, without polling.</summary>
    public void Arrive()
    {
        while (Chip.IsReceiving)
        {
            Clock.Advance(10_000);
        }
    }

    /// <summary>Takes a frame from the driver and gives it back to the pool.</summary>
    public byte[]? Receive()
    {
        Tap.BeginCall();
        Frame frame = Driver.Receive(Pool);

        // what waits is found in the next call but one at the latest
        for (int i = 0; frame == null && i < 2 && Chip.PeekRegister(Reg.EPKTCNT) > 0; i++)
        {
            frame = Driver.Receive(Pool);
        }

        Tap.EndCall();
        AssertBankZero();
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

    /// <summary>Hands bytes to the driver as a frame.</summary>
    public bool Send(byte[] bytes)
    {
        Frame frame = Pool.Rent(bytes.Length);
        frame.CopyBytesFrom(0, bytes, 0, bytes.Length);
        Tap.BeginCall();
        bool taken = Driver.Send(frame);
        Tap.EndCall();
        AssertBankZero();
        Pool.Return(frame);
        return taken;
    }

    /// <summary>Sends and polls until the driver is ready for the next frame.</summary>
    public void SendAndFinish(byte[] bytes, int limitMs = 1000) => Assert.True(TrySendAndFinish(bytes, limitMs), "not sent in time");

    /// <summary>The same; false if that takes too long.</summary>
    public bool TrySendAndFinish(byte[] bytes, int limitMs = 1000)
    {
        Assert.True(Send(bytes));
        return TryRunUntil(() => Driver.CanSend, limitMs);
    }

    /// <summary>Sends a frame and sees it come out whole.</summary>
    public void SendWhole(byte[] bytes, int limitMs = 1000)
    {
        SendAndFinish(bytes, limitMs);
        Assert.Equal(Padded(bytes), Sent[^1]);
    }

    /// <summary>Some of everything: lengths, wraps, batches, sending, link.</summary>
    public void Exercise()
    {
        for (int i = 0; i < 60; i++)
        {
            Exchange(MakeFrame(60 + (i * 97 % 1455), i));
            SendWhole(MakeFrame(14 + (i * 131 % 1501), i, Peer));
        }

        Deliver(12);
        Assert.Equal(12, ReceiveAll().Count);
        Chip.LinkUp = false;
        RunUntil(() => !Driver.IsLinkUp, 2000);
        Chip.LinkUp = true;
        RunUntil(() => Driver.IsLinkUp, 2000);
        Run(600);
        Exchange(MakeFrame(100, 1));
        SendWhole(MakeFrame(100, 2, Peer));
    }

    /// <summary>A frame with distinguishable bytes, for the station unless told otherwise.</summary>
    public static byte[] MakeFrame(int length, int seed, byte[]? destination = null)
    {
        var frame = new byte[length];
        new Random(seed).NextBytes(frame);
        (destination ?? Station).CopyTo(frame, 0);
        Peer.CopyTo(frame, 6);
        if (length >= 14)
        {
            frame[12] = 0x08;
            frame[13] = 0x00;
        }

        return frame;
    }

    /// <summary>What a frame looks like on the wire, FCS cut off.</summary>
    public static byte[] Padded(byte[] frame)
    {
        var padded = new byte[Math.Max(60, frame.Length)];
        frame.CopyTo(padded, 0);
        return padded;
    }

    public bool IsClean => Chip.Violations.Count == 0 && Chip.Violations.WarningCount == 0;

    /// <summary>Nothing was done that the data sheet forbids, and every frame is back.</summary>
    public void AssertClean()
    {
        Assert.True(IsClean, Chip.Violations.ToString());
        AssertNothingLost();
    }

    /// <summary>Who receives and sends does not ask for the bank: it is 0 whenever a call to a driver in operation is over.</summary>
    private void AssertBankZero()
    {
        if (EndsInBankZero && Driver.State == Enc28j60State.Running)
        {
            Assert.Equal(0, Driver.Chip.Port.Bank);
        }
    }

    public void AssertNothingLost()
    {
        if (Pool != null)
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
    }

    public void FrameSent(ReadOnlySpan<byte> frameWithFcs, long timeNs)
    {
        if (OnSent != null)
        {
            OnSent(frameWithFcs.ToArray());
        }

        if (!EthernetCrc.IsValid(frameWithFcs))
        {
            SentBroken.Add(frameWithFcs.ToArray());
        }
        else if (Remember)
        {
            Sent.Add(frameWithFcs[..^4].ToArray());
        }
    }

    public void Dispose()
    {
        Tap.EndCall();
        Driver.Dispose();
    }
}
