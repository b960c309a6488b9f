// Licensed under the MIT license. See LICENSE in the repository root.

using VirtualBoard.Capture;

namespace HostTests.EndToEnd;

/// <summary>The capture files read by another program, and whether that would notice what the other tests rely on.</summary>
public sealed class CaptureTests
{
    private const long Time = 1_700_000_000_123_456_789;

    // An ACK from 192.168.1.2 to 192.168.1.50; its checksums are right.
    private static readonly byte[] s_segment = Convert.FromHexString(
        "062860000001062860FFFF020800"
        + "4500002800004000" + "4006B74BC0A80102C0A80132"
        + "1000005000000001000000025010" + "2000FBFC0000"
        + "000000000000");

    [ToolFact("tshark")]
    public void Tshark_reads_time_direction_and_comment()
    {
        string file = OutputFolder.PathOf("written.pcapng");
        using (var writer = new PcapNgWriter(File.Create(file), "test"))
        {
            int port = writer.AddInterface("board", "a port", 10_000_000);
            writer.WritePacket(port, Time, s_segment, PacketDirection.Inbound);
            writer.WritePacket(port, Time + 1, s_segment.AsSpan(0, 59), PacketDirection.Outbound, isDamaged: true, comment: "cut");
        }

        Assert.Equal(["1700000000.123456789", "1700000000.123456790"], Tshark.Fields(file, "frame", "frame.time_epoch"));
        Assert.Equal(["60", "59"], Tshark.Fields(file, "frame", "frame.len"));
        Assert.Equal(["board", "board"], Tshark.Fields(file, "frame", "frame.interface_name"));
        Assert.Equal(1, Tshark.Count(file, "frame.packet_flags_direction == 1"));
        Assert.Equal(1, Tshark.Count(file, "frame.packet_flags_direction == 2 && frame.packet_flags_crc_error && frame.comment == \"cut\""));
        Assert.Equal(string.Empty, Tshark.FindDamaged(file));
        Assert.Equal(2, Tshark.Count(file, "tcp.checksum.status == \"Good\""));
    }

    [ToolFact("tshark")]
    public void Tshark_finds_what_is_damaged()
    {
        string file = OutputFolder.PathOf("damaged.pcapng");
        using (var writer = new PcapNgWriter(File.Create(file), "test"))
        {
            int port = writer.AddInterface("board", "a port", 10_000_000);

            // a bit in the identification of IPv4, and one in the sequence number of TCP
            foreach (int offset in (int[])[19, 40])
            {
                byte[] damaged = [.. s_segment];
                damaged[offset] ^= 1;
                writer.WritePacket(port, Time, damaged, PacketDirection.Inbound);
            }
        }

        Assert.Equal(2, Tshark.FindDamaged(file).Count(c => c == '\n'));
        Assert.Equal(["1"], Tshark.Fields(file, "ip.checksum.status == \"Bad\" && tcp.checksum.status == \"Good\"", "frame.number"));
        Assert.Equal(["2"], Tshark.Fields(file, "ip.checksum.status == \"Good\" && tcp.checksum.status == \"Bad\"", "frame.number"));
    }
}
