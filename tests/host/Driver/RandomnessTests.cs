// Licensed under the MIT license. See LICENSE in the repository root.

using System.Numerics;
using System.Device.Spi;
using Firmware;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The firmware's random numbers do not rest on the runtime's generator alone: it is constant in all of these.</summary>
public class RandomnessTests
{
    private static readonly byte[] s_otherStation = [0x02, 0x12, 0x34, 0x56, 0x78, 0x9B];

    [Fact]
    public void TwoBoardsWithOneFirmwareAndAConstantGeneratorDiffer()
    {
        // the same MAC address, the same moment: only the chips are two, whose memories came up as they were made
        Assert.NotEqual(Draw(Start(1)), Draw(Start(2)));

        // and it is the memory that makes the difference
        Assert.Equal(Draw(Start(1)), Draw(Start(1)));
    }

    [Fact]
    public void OneCellOfAQuarterOfTheMemoryMakesAllTheDifference()
    {
        uint[] one = Draw(Start(1));
        foreach (int address in new[] { 0, 1, 126, 127, 1000, 2047 })
        {
            uint[] other = Draw(Start(1, chip => chip.PokeMemory(address, [(byte)(Cell(chip, address) ^ 0x10)])));
            for (int i = 0; i < one.Length; i++)
            {
                Assert.NotEqual(one[i], other[i]);
            }
        }
    }

    [Fact]
    public void ABoardThatIsSwitchedOnAgainGoesOnWithOtherNumbers()
    {
        Assert.NotEqual(
            Draw(Start(1)),
            Draw(Start(1, chip =>
            {
                chip.Powered = false;
                chip.Powered = true;
            })));
    }

    [Fact]
    public void TheTimeSincePowerUpGoesIn()
    {
        Assert.NotEqual(Draw(Start(1)), Draw(Start(1, at: 101)));
    }

    [Fact]
    public void ARunningChipsMemoryIsNoSource()
    {
        using DriverBench bench = DriverBench.Running();
        Assert.Throws<InvalidOperationException>(() => new HardwareRandom(bench.Driver));
        Assert.Throws<ArgumentNullException>(() => new HardwareRandom((Enc28j60)null!));
    }

    [Fact]
    public void WhenAFrameComesInGoesIn()
    {
        var one = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
        var other = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
        Assert.Equal(one.Next(), other.Next());
        one.Add(1_000_000u);
        other.Add(1_000_001u);
        Assert.NotEqual(Draw(one), Draw(other));
    }

    /// <summary>The generator says 4, six octets went in: two rounds each (HalfSipHash, with the state that the driver begins with).</summary>
    [Fact]
    public void ItIsMixedAsInHalfSipHash()
    {
        uint[] v = [0x9E3779B9, 0x7F4A7C15, 0x6C796765, 0x74656462];
        foreach (byte octet in DriverBench.Station)
        {
            TakeIn(octet);
        }

        var random = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
        for (int i = 0; i < 3; i++)
        {
            TakeIn(4);
            v[2] ^= 0xFF;
            Rounds(4);
            Assert.Equal(v[1] ^ v[3], random.Next());
        }

        void TakeIn(uint value)
        {
            v[3] ^= value;
            Rounds(2);
            v[0] ^= value;
        }

        void Rounds(int count)
        {
            for (int i = 0; i < count; i++)
            {
                (v[0], v[2]) = (v[0] + v[1], v[2] + v[3]);
                (v[1], v[3]) = (BitOperations.RotateLeft(v[1], 5) ^ v[0], BitOperations.RotateLeft(v[3], 8) ^ v[2]);
                v[0] = BitOperations.RotateLeft(v[0], 16);
                (v[2], v[0]) = (v[2] + v[1], v[0] + v[3]);
                (v[1], v[3]) = (BitOperations.RotateLeft(v[1], 13) ^ v[2], BitOperations.RotateLeft(v[3], 7) ^ v[0]);
                v[2] = BitOperations.RotateLeft(v[2], 16);
            }
        }
    }

    [Fact]
    public void StationsDifferByTheirAddresses()
    {
        Assert.NotEqual(
            Draw(new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator())),
            Draw(new HardwareRandom(new MacAddress(s_otherStation), new ConstantGenerator())));
    }

    [Fact]
    public void TheGeneratorIsAskedWithEachNumber()
    {
        var one = new HardwareRandom(new MacAddress(DriverBench.Station), new Random(1));
        var other = new HardwareRandom(new MacAddress(DriverBench.Station), new Random(2));
        for (int i = 0; i < 100; i++)
        {
            Assert.NotEqual(one.Next(), other.Next());
        }
    }

    [Fact]
    public void NumbersLookEvenAlthoughNothingNewGoesIn()
    {
        var random = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
        const int count = 20_000;
        int[] ones = new int[32];
        var seen = new HashSet<uint>();
        uint previous = 0;
        int flips = 0;
        for (int i = 0; i < count; i++)
        {
            uint number = random.Next();
            seen.Add(number);
            flips += BitOperations.PopCount(number ^ previous);
            previous = number;
            for (int bit = 0; bit < 32; bit++)
            {
                ones[bit] += (int)(number >> bit) & 1;
            }
        }

        // six times the standard deviation of a fair coin; at most a pair or two of equal numbers
        Assert.All(ones, n => Assert.InRange(n, (count / 2) - 425, (count / 2) + 425));
        Assert.InRange(flips, (16 * count) - 2400, (16 * count) + 2400);
        Assert.InRange(seen.Count, count - 3, count);
    }

    [Fact]
    public void EachBitThatGoesInTurnsHalfOfWhatComesOut()
    {
        int turned = 0;
        for (int bit = 0; bit < 32; bit++)
        {
            var one = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
            var other = new HardwareRandom(new MacAddress(DriverBench.Station), new ConstantGenerator());
            one.Add(0u);
            other.Add(1u << bit);
            int distance = BitOperations.PopCount(one.Next() ^ other.Next());
            Assert.InRange(distance, 4, 28);
            turned += distance;
        }

        Assert.InRange(turned, 16 * 32 * 0.85, 16 * 32 * 1.15);
    }

    [Fact]
    public void NumbersAllocateNothing()
    {
        var random = new HardwareRandom(new MacAddress(DriverBench.Station), new Random(1));
        long allocated = 0;
        for (int i = 0; i < 200; i++)
        {
            if (i == 100)
            {
                GC.Collect();
                allocated = GC.GetAllocatedBytesForCurrentThread();
            }

            random.Add((uint)i);
            random.Next();
        }

        Assert.Equal(allocated, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void MemoryIsReadAsItLiesWhateverTheBuffersEndIs(SpiWordOrder order)
    {
        using var bench = new DriverBench(order: order);
        Assert.True(bench.Driver.Probe());
        bench.Chip.PokeRegister(Reg.ERXNDL, 0x02);
        bench.Chip.PokeRegister(Reg.ERXNDH, 0x00);
        ushort[] words = new ushort[5];
        foreach (int address in new[] { 0, 1, 0x1FFB })
        {
            bench.Driver.ReadMemory(address, words);
            for (int i = 1; i < 10; i++)
            {
                bool high = (i & 1) == (order == SpiWordOrder.LowByteFirst ? 1 : 0);
                Assert.Equal(Cell(bench.Chip, (address + i - 1) & 0x1FFF), (byte)(words[i >> 1] >> (high ? 8 : 0)));
            }
        }

        bench.AssertClean();
    }

    [Fact]
    public void MemoryIsReadBetweenProbeAndStartOnly()
    {
        using var bench = new DriverBench();
        ushort[] words = new ushort[4];
        Assert.Throws<InvalidOperationException>(() => bench.Driver.ReadMemory(0, words));
        Assert.True(bench.Driver.Probe());
        Assert.Throws<ArgumentNullException>(() => bench.Driver.ReadMemory(0, null!));
        Assert.Throws<ArgumentException>(() => bench.Driver.ReadMemory(-1, words));
        Assert.Throws<ArgumentException>(() => bench.Driver.ReadMemory(8192, words));
        Assert.Throws<ArgumentException>(() => bench.Driver.ReadMemory(0, []));
        bench.Driver.ReadMemory(8191, words);
        bench.AttachPool([64, 1518], [2, 2]);
        bench.Start();
        Assert.Throws<InvalidOperationException>(() => bench.Driver.ReadMemory(0, words));
    }

    private static HardwareRandom Start(int seed, Action<Enc28j60Chip>? change = null, int at = 100)
    {
        var chip = new Enc28j60Chip(new VirtualClock(), new ChipOptions { Seed = seed });
        change?.Invoke(chip);
        var hardware = new BoardHardware();
        hardware.Spi.Attach(Board.SpiBus, Board.ChipSelect, chip);
        BoardHardware.Current = hardware;
        Board.ConfigurePins();
        var application = new Application(
            SpiDevice.Create(new SpiConnectionSettings(Board.SpiBus, Board.ChipSelect)
            {
                ClockFrequency = Board.SpiClockFrequency,
                Mode = Enc28j60.DefaultSpiMode,
            }),
            new ConstantGenerator(),
            AddressMode.Static);
        Assert.True(application.TryStart(at));
        return application.Network.Random;
    }

    private static byte Cell(Enc28j60Chip chip, int address)
    {
        Span<byte> cell = stackalloc byte[1];
        chip.PeekMemory(address, cell);
        return cell[0];
    }

    private static uint[] Draw(HardwareRandom random) => [.. Enumerable.Range(0, 8).Select(_ => random.Next())];

    private sealed class ConstantGenerator : Random
    {
        public override int Next() => 4;

        public override int Next(int maxValue) => 0;

        public override int Next(int minValue, int maxValue) => minValue;
    }
}
