// Licensed under the MIT license. See LICENSE in the repository root.

using System.Device.Spi;
using HostTests.Driver;
using Iot.Device.Enc28j60;
using TcpIp.Ethernet;
using TcpIp.Link;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.DriverTraps;

/// <summary>T01 to T12: what the driver does on the bus, instruction by instruction.</summary>
public class SpiTrapTests
{
    [Fact]
    public void T01MacAndMiiReadsClockTheDummyByte()
    {
        IEnumerable<SpiWindow> reads = Exercised().Where(w => w.Opcode == SpiWindow.Read && RegisterMap.HasDummyByte(w.Register));
        Assert.All(reads, w => Assert.True(w.Length >= 3, w.ToString()));
        Assert.Contains(reads, w => w.Bank == 2);
        Assert.Contains(reads, w => w.Bank == 3);
    }

    [Theory]
    [InlineData(UndefinedByte.Random)]
    [InlineData(UndefinedByte.Zero)]
    [InlineData(UndefinedByte.Ones)]
    [InlineData(UndefinedByte.Repeat)]
    public void T02WhatFollowsOrPrecedesAValueIsNotUsed(UndefinedByte undefined)
    {
        using DriverBench bench = DriverBench.Running(new ChipOptions { UndefinedReadByte = undefined });
        bench.Exercise();
        bench.AssertClean();
    }

    [Fact]
    public void T03EveryRegisterIsReachedInItsOwnBank()
    {
        // Whatever bank the chip was left in, a start ends with the right values in the right registers.
        for (int bank = 0; bank < 4; bank++)
        {
            using DriverBench bench = DriverBench.Running();
            bench.Chip.PokeRegister(Reg.ECON1, (byte)(Econ1.RXEN | bank));
            bench.Driver.Start();
            bench.RunUntil(() => bench.Driver.State == Enc28j60State.Running && bench.Driver.IsLinkUp, 2000);
            Assert.Equal(0x32, bench.Chip.PeekRegister(Reg.MACON3));
            Assert.Equal(DriverBench.Station[5], bench.Chip.PeekRegister(Reg.MAADR6));
            bench.Exercise();
            bench.AssertClean();
        }
    }

    [Fact]
    public void T04BitOperationsGoToEthRegistersOnly()
    {
        Assert.All(
            Exercised().Where(w => w.Opcode is SpiWindow.Set or SpiWindow.Clear),
            w => Assert.Equal(RegisterKind.Eth, RegisterMap.KindOf(w.Register)));
    }

    [Fact]
    public void T05NoReservedAddressIsTouched()
    {
        Assert.All(
            Exercised().Where(w => w.IsRegister),
            w => Assert.True(RegisterMap.KindOf(w.Register) is not (RegisterKind.Reserved or RegisterKind.Unimplemented), w.ToString()));
    }

    [Fact]
    public void T06EveryInstructionIsDefinedAndOfTheRightLength()
    {
        foreach (SpiWindow window in Exercised())
        {
            bool right = window.Opcode switch
            {
                SpiWindow.Read => window.Length >= 2,
                SpiWindow.Write or SpiWindow.Set or SpiWindow.Clear => window.Length == 2,
                SpiWindow.ReadBuffer or SpiWindow.WriteBuffer => window.Address == 0x1A,
                SpiWindow.Reset => window is { Address: 0x1F, Length: 1 },
                _ => false,
            };
            Assert.True(right, window.ToString());
        }
    }

    [Fact]
    public void T07AMacWriteThatWasCutShortIsRepeated()
    {
        using var bench = new DriverBench();
        int lost = 0;
        bench.Tap.Rewrite = (opcode, register, data) =>
        {
            // one write of each of these registers comes to nothing, as one does whose last bit chip select cuts off
            bool loses = opcode == SpiWindow.Write && register >= Reg.MACON1 && register <= Reg.MAMXFLH && (lost & (1 << (register & 31))) == 0;
            lost |= loses ? 1 << (register & 31) : 0;
            return loses ? null : data;
        };
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
        Assert.NotEqual(0, lost);
        bench.Exercise();
        bench.AssertClean();
    }

    [Theory]
    [InlineData(20_000_001, SpiMode.Mode0)]
    [InlineData(20_000_000, SpiMode.Mode1)]
    [InlineData(20_000_000, SpiMode.Mode3)]
    public void T08AWrongClockOrModeIsRefused(int clockHz, SpiMode mode)
    {
        using DriverBench bench = new();
        using SpiDevice device = Other(bench, clockHz, mode);
        Assert.Throws<ArgumentException>(() => new Enc28j60(device, new MacAddress(DriverBench.Station)));
    }

    [Theory]
    [InlineData(8_000_000, 500, true)]
    [InlineData(13_333_333, 500, true)]
    [InlineData(20_000_000, 210, true)]
    [InlineData(20_000_000, 200, false)]
    public void T08ClockAndChipSelectTimes(int clockHz, long holdNs, bool works)
    {
        using var bench = new DriverBench(new ChipOptions { ChipSelectHoldNs = holdNs }, clockHz: clockHz);
        Assert.Equal(works, bench.TryStart());
        if (works)
        {
            bench.RunUntil(() => bench.Driver.IsLinkUp, 1000);
            bench.Exercise();
            bench.AssertClean();
        }
        else
        {
            // MAC registers do not take their values, and the driver says so
            Assert.Equal(Enc28j60Fault.RegisterReadBack, bench.Driver.Fault);
        }
    }

    [Fact]
    public void T09Econ1IsNeverWrittenAsAWhole()
    {
        // A value read before and written after would set TXRTS again, or drop RXEN. The probe's word is the one exception: it is a bit operation too.
        Assert.DoesNotContain(Exercised(), w => w.Opcode == SpiWindow.Write && w.Register == Reg.ECON1);
    }

    [Fact]
    public void T10TheBankChangesWithoutTouchingAnythingElse()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Tap.Instructions.Clear();
        bench.Exercise();

        // in operation: only bank bits, RXEN when the receiver is reset, TXRTS and TXRST
        foreach (SpiWindow window in bench.Tap.Instructions.Where(w => w.IsWriteOf(Reg.ECON1)))
        {
            bool bankOnly = (window.Data & ~Econ1.BSEL) == 0;
            bool controlOnly = (window.Data & Econ1.BSEL) == 0;
            Assert.True(bankOnly || controlOnly, window.ToString());
        }

        Assert.Equal(Econ1.RXEN, bench.Chip.PeekRegister(Reg.ECON1) & Econ1.RXEN);
    }

    [Fact]
    public void T11PktdecIsABitOperation()
    {
        // A start may write all of ECON2, which sets AUTOINC; but never with PKTDEC.
        List<SpiWindow> log = Exercised();
        Assert.DoesNotContain(log, w => w.Opcode == SpiWindow.Write && w.Register == Reg.ECON2 && w.Data != Econ2.AUTOINC);
        Assert.Contains(log, w => w.Opcode == SpiWindow.Set && w.Register == Reg.ECON2 && w.Data == Econ2.PKTDEC);
    }

    [Fact]
    public void T12AutoincStaysSet()
    {
        Assert.DoesNotContain(Exercised(), w => w.Opcode == SpiWindow.Clear && w.Register == Reg.ECON2 && (w.Data & Econ2.AUTOINC) != 0);

        // and if an earlier program cleared it, the start sets it
        using var bench = new DriverBench();
        bench.Chip.PokeRegister(Reg.ECON2, 0);
        Assert.True(bench.TryStart(), bench.Driver.Fault.ToString());
        Assert.Equal(Econ2.AUTOINC, bench.Chip.PeekRegister(Reg.ECON2));
    }

    private static List<SpiWindow> Exercised()
    {
        using DriverBench bench = DriverBench.Noted();
        bench.Exercise();
        bench.AssertClean();
        return [.. bench.Tap.Instructions];
    }

    private static SpiDevice Other(DriverBench bench, int clockHz, SpiMode mode)
    {
        var board = new BoardHardware();
        board.Spi.RequirePinFunctions = false;
        board.Spi.Attach(1, 5, bench.Tap);
        BoardHardware.Current = board;
        return SpiDevice.Create(new SpiConnectionSettings(1, 5) { ClockFrequency = clockHz, Mode = mode });
    }
}
