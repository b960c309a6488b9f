// Licensed under the MIT license. See LICENSE in the repository root.

using Iot.Device.Enc28j60;
using VirtualBoard.Enc28j60;
using Xunit;

namespace HostTests.Driver;

/// <summary>The arithmetic of the receive buffer, over all of its addresses.</summary>
public class MemoryMapTests
{
    [Fact]
    public void TheFreePointerIsTheOddByteBeforeAPacket()
    {
        for (int next = 0; next <= MemoryMap.ReceiveEnd; next += 2)
        {
            int pointer = MemoryMap.FreePointer(next);
            Assert.Equal(1, pointer & 1);
            Assert.InRange(pointer, MemoryMap.ReceiveStart, MemoryMap.ReceiveEnd);
            Assert.Equal(next, pointer == MemoryMap.ReceiveEnd ? 0 : pointer + 1);
        }
    }

    [Fact]
    public void TheFreePointerHasTheDataSheetsValues()
    {
        Assert.Equal(0x0045, MemoryMap.FreePointer(0x0046));
        Assert.Equal(MemoryMap.ReceiveEnd, MemoryMap.FreePointer(0));
        Assert.Equal(0x0046, MemoryMap.NextPacket(0, 64));
    }

    [Fact]
    public void PacketsFollowEachOtherRoundTheBuffer()
    {
        for (int packet = 0; packet <= MemoryMap.ReceiveEnd; packet += 2)
        {
            for (int count = MemoryMap.ShortestStored; count <= MemoryMap.LongestPacket; count += 7)
            {
                int next = packet;
                for (int i = 0; i < MemoryMap.HeaderLength + count + (count & 1); i++)
                {
                    next = next == MemoryMap.ReceiveEnd ? 0 : next + 1;
                }

                Assert.Equal(next, MemoryMap.NextPacket(packet, count));
            }
        }
    }

    [Fact]
    public void TheReadPointerWrapsWhereTheChipWrapsIt()
    {
        foreach (int count in new[] { 1, 5, 7, 65, 1519 })
        {
            for (int start = 0; start < MemoryMap.Size; start++)
            {
                int pointer = start;
                for (int i = 0; i < count; i++)
                {
                    pointer = pointer == MemoryMap.ReceiveEnd ? MemoryMap.ReceiveStart : (pointer + 1) & (MemoryMap.Size - 1);
                }

                Assert.Equal(pointer, MemoryMap.Advance(start, count));
            }
        }
    }

    [Fact]
    public void AFullFrameAndItsStatusFitBehindTheReceiveBuffer()
    {
        int lastStatusByte = MemoryMap.TransmitStart + 1514 + 7;
        Assert.Equal(0x1FF1, lastStatusByte);
        Assert.True(MemoryMap.TransmitStart + MemoryMap.LargestTransmitCapacity < MemoryMap.Size);
    }

    [Theory]
    [InlineData(0x0000, 0x0000, new byte[0])]
    [InlineData(0x0000, 0x0001, new byte[] { 0x40 })]
    [InlineData(0x0001, 0x0080, new byte[] { 0x40 })]
    [InlineData(0x00FF, 0x01FF, new byte[] { 0x41 })]
    [InlineData(0x01FF, 0x02FF, new byte[] { 0x41 })]
    [InlineData(0x0034, 0x1934, new byte[] { 0x41 })]
    [InlineData(0x0001, 0x0100, new byte[] { 0x40, 0x41 })]
    public void OnlyTheBytesThatDifferAreWritten(int from, int to, byte[] commands)
    {
        using DriverBench bench = DriverBench.Running();
        var memory = new BufferMemory(bench.Driver.Chip.Port);
        bench.Driver.Chip.Port.Read(EthRegister.ERDPTL);
        memory.EnableAutoIncrement();
        memory.MoveReadPointer(BufferMemory.Unknown, from);
        bench.Tap.Log = [];
        memory.MoveReadPointer(from, to);
        Assert.Equal(commands, bench.Tap.Log.Select(w => w[0]));
        Assert.Equal(to, bench.Chip.PeekPair(Reg.ERDPTL));
    }

    [Theory]
    [InlineData(0x1AFF)]
    [InlineData(0x00FF)]
    [InlineData(0x1FFF)]
    [InlineData(0x0100)]
    [InlineData(0x0001)]
    public void WhereNobodyKnowsBothBytesOfTheReadPointerAreWritten(int address)
    {
        using DriverBench bench = DriverBench.Running();
        var memory = new BufferMemory(bench.Driver.Chip.Port);
        memory.EnableAutoIncrement();
        bench.Driver.Chip.Port.Read(EthRegister.ERDPTL);
        foreach (int elsewhere in new[] { 0x0000, address ^ 0x0001, address ^ 0x0100, address })
        {
            memory.MoveReadPointer(BufferMemory.Unknown, elsewhere & 0x1FFF);
            Assert.Equal(elsewhere & 0x1FFF, bench.Chip.PeekPair(Reg.ERDPTL));
            memory.MoveReadPointer(elsewhere & 0x1FFF, address);
            Assert.Equal(address, bench.Chip.PeekPair(Reg.ERDPTL));
            Assert.Equal(address, memory.FindReadPointer());
        }
    }
}
