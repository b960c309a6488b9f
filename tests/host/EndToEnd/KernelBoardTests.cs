// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using VirtualBoard;
using VirtualBoard.Enc28j60;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>The Linux kernel and the whole board: chip, driver, and firmware that sends back what it is sent.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelBoardTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [KernelTheory]
    [InlineData(0, 3_000_000)]
    [InlineData(1, 300_000)]
    public void Much_is_sent_there_and_back(int percent, int length)
    {
        string capture = OutputFolder.PathOf($"kernel-board-{percent}.pcapng");
        var impairment = new ImpairmentSettings { Lose = percent, Duplicate = percent, Reorder = percent };
        var options = new BoardOptions
        {
            TapName = "tap0",
            CapturePath = capture,
            Impairment = percent == 0 ? null : impairment,
            Duration = s_limit,
        };
        byte[] text = KernelTransfer.CreatePayload(6, length);
        using (var network = new KernelNamespace())
        using (BoardRun run = network.Do(() => new BoardRun(options, EchoFirmware.Run)))
        {
            Assert.True(Eventually.Is(() => run.Answers), "The board does not answer.");
            using Socket socket = network.OpenSocket(SocketType.Stream, (int)s_limit.TotalMilliseconds);
            socket.Connect(KernelNamespace.StackAddress, Firmware.Board.HttpPort);
            var watch = Stopwatch.StartNew();
            byte[] hash = KernelTransfer.RunPartner(socket, text, sendFirst: false);
            output.WriteLine($"{length} bytes there and back in {watch.Elapsed.TotalSeconds:F2} s");
            Assert.Equal(SHA256.HashData(text), hash);

            ChipCounters counters = run.Host.Chip.Counters;
            output.WriteLine($"frames in {counters.FramesReceived}, out {counters.FramesSent}, no room {counters.DroppedTotal - counters.DroppedByFilter}");
            Assert.Null(run.Host.FirmwareError);
            Assert.True(run.Host.Chip.Violations.Count == 0, run.Host.Chip.Violations.ToString());
        }

        if (percent == 0 && Tool.Exists("tshark"))
        {
            AssertNothingRepeated(capture);
        }

        File.Delete(capture);
    }

    /// <summary>On a good wire nothing is lost. That tshark finds no sense in what it takes for web pages is all right.</summary>
    private static void AssertNothingRepeated(string capture)
    {
        // the kernel's sum may come out as the other zero of one's complement, which tshark does not count as good (RFC 1624)
        int segments = Tshark.Count(capture, "tcp");
        string otherZero = $"(tcp.checksum == 0xffff && ip.dst == {KernelNamespace.StackAddress})";
        Assert.Equal(segments, Tshark.Count(capture, $"(tcp.checksum.status == \"Good\" || {otherZero}) && ip.checksum.status == \"Good\""));
        Assert.InRange(Tshark.Count(capture, "tcp.analysis.retransmission || tcp.analysis.out_of_order"), 0, 2 + (segments / 100));
    }
}
