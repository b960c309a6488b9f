// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using VirtualBoard.Hardware;
using Xunit;

namespace HostTests.Driver;

/// <summary>The memory test of a start: what it writes, and that it finds a bad bit wherever that is.</summary>
public class MemoryPatternTests
{
    // 49 times 167: the last nine bytes are used by nothing
    private const int Tested = 8183;

    public static TheoryData<int, byte, bool, SpiWordOrder> Cells
    {
        get
        {
            // ends and beginnings of what is moved in one transfer, and of the steps of seven such
            var data = new TheoryData<int, byte, bool, SpiWordOrder>();
            int i = 0;
            foreach (int address in (int[])[0, 1, 2, 166, 167, 168, 169, 333, 334, 1168, 1169, 1170, 7013, 7014, 8181, 8182])
            {
                foreach (byte bit in (byte[])[0x01, 0x80])
                {
                    data.Add(address, bit, (i & 1) == 0, (i & 2) == 0 ? SpiWordOrder.LowByteFirst : SpiWordOrder.HighByteFirst);
                    data.Add(address, bit, (i & 1) != 0, (i & 2) != 0 ? SpiWordOrder.LowByteFirst : SpiWordOrder.HighByteFirst);
                    i++;
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void ABadBitIsFoundWhereverItIs(int address, byte bit, bool isOne, SpiWordOrder order)
    {
        using var bench = new DriverBench(order: order);
        bench.Chip.Faults.StuckAddress = address;
        bench.Chip.Faults.StuckOnes = isOne ? bit : (byte)0;
        bench.Chip.Faults.StuckZeros = isOne ? (byte)0 : bit;
        bench.Start();
        Assert.Equal(Enc28j60Fault.MemoryTest, bench.Driver.Fault);
    }

    [Fact]
    public void TheLastNineBytesAreNotTested()
    {
        using var bench = new DriverBench();
        bench.Chip.Faults.StuckAddress = Tested;
        bench.Chip.Faults.StuckOnes = 0xFF;
        bench.Start();
        Assert.Equal(Enc28j60Fault.None, bench.Driver.Fault);
    }

    [Theory]
    [InlineData(SpiWordOrder.LowByteFirst)]
    [InlineData(SpiWordOrder.HighByteFirst)]
    public void EachCellHoldsAPatternAndThenItsComplement(SpiWordOrder order)
    {
        using var bench = new DriverBench(order: order);
        var seen = new List<byte[]>();
        bool reading = true;
        bench.Tap.Pass = first =>
        {
            // the first of the transfers that read back
            if (first == 0x3A && !reading)
            {
                byte[] memory = new byte[Tested];
                bench.Chip.PeekMemory(0, memory);
                seen.Add(memory);
            }

            reading = first == 0x3A || (reading && first != 0x7A);
            return true;
        };
        bench.Start();
        Assert.Equal(2, seen.Count);
        Assert.All(Enumerable.Range(0, Tested), i => Assert.Equal(0xFF, seen[0][i] ^ seen[1][i]));

        // neither address lines nor data lines that are bridged escape: no pair of bytes comes often
        Assert.InRange(Pairs(seen[0]).GroupBy(pair => pair).Max(group => group.Count()), 1, 2);
    }

    private static IEnumerable<int> Pairs(byte[] memory) =>
        Enumerable.Range(0, memory.Length / 2).Select(i => memory[2 * i] | (memory[(2 * i) + 1] << 8));

    [Fact]
    public void ItBeginsAtTheFirstByteWhereverThePointersAre()
    {
        using var bench = new DriverBench();
        bench.Driver.StartChip();
        bench.Chip.PokeRegister(Reg.EWRPTH, 0x10);
        bench.Chip.PokeRegister(Reg.ERDPTH, 0x08);
        bench.RunUntil(() => bench.Driver.State != Enc28j60State.Starting, 100);
        Assert.Equal(Enc28j60State.Running, bench.Driver.State);
    }

    [Fact]
    public void OneWrongBitOnTheWireIsEnough()
    {
        // in any byte of a transfer, the one beside the command included
        foreach (int at in (int[])[1, 2, 3, 84, 166, 167])
        {
            using var bench = new DriverBench();
            int transfers = 0;
            bench.Tap.Answer = (first, index, answer) => first == 0x3A && index == at && ++transfers == 60 ? (byte)(answer ^ 0x08) : answer;
            bench.Start();
            Assert.Equal(Enc28j60Fault.MemoryTest, bench.Driver.Fault);
        }
    }
}
