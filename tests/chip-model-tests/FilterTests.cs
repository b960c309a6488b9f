// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60.Tests;

public class FilterTests
{
    private static readonly byte[] Broadcast = [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF];
    private static readonly byte[] Multicast = [0x01, 0x00, 0x5E, 0x00, 0x00, 0x01];

    [Theory]
    [InlineData(new byte[] { 0x01, 0x00, 0x5E, 0x00, 0x00, 0x01 }, 63)]
    [InlineData(new byte[] { 0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB }, 62)]
    [InlineData(new byte[] { 0x01, 0x00, 0x5E, 0x00, 0x00, 0xFC }, 53)]
    [InlineData(new byte[] { 0x01, 0x00, 0x5E, 0x7F, 0xFF, 0xFA }, 28)]
    [InlineData(new byte[] { 0x33, 0x33, 0x00, 0x00, 0x00, 0x01 }, 51)]
    [InlineData(new byte[] { 0x33, 0x33, 0x00, 0x00, 0x00, 0xFB }, 50)]
    [InlineData(new byte[] { 0x33, 0x33, 0xFF, 0x00, 0x00, 0x01 }, 45)]
    [InlineData(new byte[] { 0x01, 0x80, 0xC2, 0x00, 0x00, 0x01 }, 29)]
    [InlineData(new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, 62)]
    public void HashIndex(byte[] address, int index)
    {
        Assert.Equal(index, EthernetCrc.HashIndex(address));
        ChipBench bench = WithFilter(Rxf.HTEN | Rxf.CRCEN, b => b.Write(Reg.EHT0 + (index >> 3), 1 << (index & 7)));
        Assert.True(Accepts(bench, ChipBench.Frame(address)));
        byte[] other = [.. address];
        other[5] ^= 0x02;
        Assert.False(Accepts(bench, ChipBench.Frame(other)));
    }

    [Theory]
    [InlineData(0xA1, true, true, false, false)]
    [InlineData(0xA3, true, true, true, false)]
    [InlineData(0xA2, true, true, true, false)]
    [InlineData(0x80, true, false, false, false)]
    [InlineData(0x01, false, true, false, false)]
    [InlineData(0x00, true, true, true, true)]
    [InlineData(0x20, true, true, true, true)]
    [InlineData(0xE1, false, false, false, false)]
    [InlineData(0x43, false, true, false, false)]
    [InlineData(0x60, true, true, true, true)]
    public void Combinations(int filters, bool unicast, bool broadcast, bool multicast, bool foreign)
    {
        ChipBench bench = WithFilter(filters);
        Assert.Equal(unicast, Accepts(bench, ChipBench.Frame(ChipBench.Station)));
        Assert.Equal(broadcast, Accepts(bench, ChipBench.Frame(Broadcast)));
        Assert.Equal(multicast, Accepts(bench, ChipBench.Frame(Multicast)));
        Assert.Equal(foreign, Accepts(bench, ChipBench.Frame(ChipBench.Peer)));
    }

    [Fact]
    public void AddressRegistersAreNotInOrderOfTheirNumbers()
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        for (int i = 0; i < 6; i++)
        {
            // A driver that takes the addresses 0 to 5 for the first to the sixth byte.
            bench.Write(0x60 + i, ChipBench.Station[i]);
        }

        bench.Set(Reg.ECON1, Econ1.RXEN);
        Assert.False(Accepts(bench, ChipBench.Frame(ChipBench.Station)));
        Assert.True(Accepts(bench, ChipBench.Frame([0x44, 0x55, 0x22, 0x33, 0x02, 0x11])));
    }

    [Theory]
    [InlineData(6, 0x1F0A, 0x563F, new byte[] { 0x00, 0x88, 0x00, 0xAA, 0x00, 0x00, 0x00, 0x00, 0x09, 0x0A, 0x0B, 0x0C, 0x0D }, 6)]
    [InlineData(0, 0x0007, 0xA0FF, new byte[] { 0x01, 0x00, 0x5E }, 0)]
    [InlineData(0, 0x303F, 0xF7F9, new byte[] { 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0, 0x08, 0x06 }, 0)]
    [InlineData(6, 0x003F, 0x5BFC, new byte[] { 0x00, 0x04, 0xA3, 0xFF, 0xFF, 0xFF }, 6)]
    public void Pattern(int offset, int mask, int checksum, byte[] bytes, int at)
    {
        ChipBench bench = WithFilter(Rxf.PMEN | Rxf.CRCEN, b => SetPattern(b, offset, (ulong)mask, checksum));
        byte[] frame = new byte[100];
        bytes.CopyTo(frame, at);
        Assert.True(Accepts(bench, frame));
        frame[at + bytes.Length - 1] ^= 0x10;
        Assert.False(Accepts(bench, frame));
    }

    [Fact]
    public void PatternOfMdnsAndLlmnr()
    {
        ChipBench bench = WithFilter(Rxf.PMEN | Rxf.CRCEN, b => SetPattern(b, 0, 0x0000_0001_C000_0007, 0xA01F));
        byte[] frame = ChipBench.Frame([0x01, 0x00, 0x5E, 0x00, 0x00, 0xFB], 80);
        frame[30] = 0xE0;
        frame[31] = 0;
        frame[32] = 0;
        Assert.True(Accepts(bench, frame));
        frame[30] = 0xE1;
        Assert.False(Accepts(bench, frame));
    }

    [Fact]
    public void PatternWindowPastTheEndNeverMatches()
    {
        ChipBench bench = WithFilter(Rxf.PMEN | Rxf.CRCEN, b => SetPattern(b, 0, 0x0007, 0xA0FF));
        Assert.True(Accepts(bench, ChipBench.Frame(Multicast, 60)));
        Assert.False(Accepts(bench, ChipBench.Frame(Multicast, 59)));
        bench = WithFilter(Rxf.PMEN | Rxf.CRCEN, b => SetPattern(b, 6, 0x003F, 0x5BFC));
        byte[] frame = new byte[66];
        ((byte[])[0x00, 0x04, 0xA3, 0xFF, 0xFF, 0xFF]).CopyTo(frame, 6);
        Assert.True(Accepts(bench, frame));
        Assert.False(Accepts(bench, frame[..65]));
    }

    [Fact]
    public void Erratum18LetsStrangersPass()
    {
        ChipBench bench = WithFilter(Rxf.PMEN | Rxf.CRCEN, b => SetPattern(b, 0, 0x0007, 0xA0FF));
        bench.Chip.Options.Errata[18] = 1;
        Assert.True(Accepts(bench, ChipBench.Frame(ChipBench.Peer, 100)));
    }

    [Fact]
    public void MagicPacket()
    {
        ChipBench bench = WithFilter(Rxf.MPEN | Rxf.CRCEN);
        byte[] frame = ChipBench.Frame(ChipBench.Station, 150);
        Assert.False(Accepts(bench, frame));
        Broadcast.CopyTo(frame, 33);
        for (int i = 0; i < 16; i++)
        {
            ChipBench.Station.CopyTo(frame, 39 + (i * 6));
        }

        Assert.True(Accepts(bench, frame));
        frame[39 + 95] ^= 1;
        Assert.False(Accepts(bench, frame));
    }

    [Fact]
    public void RejectedFramesLeaveNoTrace()
    {
        var bench = new ChipBench();
        bench.Set(Reg.EIE, 0xDB);
        var before = new byte[Enc28j60Chip.MemorySize];
        var after = new byte[Enc28j60Chip.MemorySize];
        bench.Chip.PeekMemory(0, before);
        bench.Deliver(ChipBench.Frame(ChipBench.Peer));
        bench.Chip.PeekMemory(0, after);
        Assert.Equal(before, after);
        Assert.Equal(0, bench.Read(Reg.EIR));
        Assert.False(bench.Chip.InterruptPinLow);
        Assert.Equal(1, bench.Chip.Counters.DroppedByFilter);
    }

    [Fact]
    public void ControlFramesAreKeptBackUnlessPassall()
    {
        ChipBench bench = WithFilter(0);
        byte[] pause = PauseFrame(10);
        Assert.False(Accepts(bench, pause));
        Assert.Equal(1, bench.Chip.Counters.DroppedAsControl);
        bench.Write(Reg.MACON1, 0x03);
        bench.Deliver(pause);
        Assert.Equal(0x19C0u, bench.ReadPacket().Status >> 16);
    }

    internal static byte[] PauseFrame(int quanta)
    {
        byte[] frame = ChipBench.Frame([0x01, 0x80, 0xC2, 0, 0, 1], 60, 0x8808);
        frame[14] = 0;
        frame[15] = 1;
        frame[16] = (byte)(quanta >> 8);
        frame[17] = (byte)quanta;
        return frame;
    }

    private static ChipBench WithFilter(int filters, Action<ChipBench>? setUp = null)
    {
        var bench = new ChipBench();
        bench.Clear(Reg.ECON1, Econ1.RXEN);
        bench.Write(Reg.ERXFCON, filters);
        setUp?.Invoke(bench);
        bench.Set(Reg.ECON1, Econ1.RXEN);
        bench.AssertClean();
        return bench;
    }

    private static void SetPattern(ChipBench bench, int offset, ulong mask, int checksum)
    {
        bench.WritePair(Reg.EPMOL, offset);
        bench.WritePair(Reg.EPMCSL, checksum);
        for (int i = 0; i < 8; i++)
        {
            bench.Write(Reg.EPMM0 + i, (int)(mask >> (8 * i)) & 0xFF);
        }
    }

    private static bool Accepts(ChipBench bench, byte[] frame)
    {
        bench.Deliver(frame);
        if (bench.Read(Reg.EPKTCNT) == 0)
        {
            return false;
        }

        Assert.Equal(ChipBench.WithFcs(frame), bench.Take());
        return true;
    }
}
