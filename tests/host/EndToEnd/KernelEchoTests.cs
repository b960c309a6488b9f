// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Net;
using System.Net.Sockets;
using TcpIp.Icmp;
using TcpIp.Udp;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>Datagrams and echoes of the Linux kernel, one by one and in floods, and the stack's books after them.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelEchoTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(60);

    [KernelFact]
    public void Datagrams_of_every_length_come_back()
    {
        using var station = new KernelStation("udp-lengths", new StackConfiguration());
        var services = new KernelServices(station);
        using Socket socket = station.Namespace.OpenSocket(SocketType.Dgram, 5000);
        int sent = 0;
        Task partner = Task.Factory.StartNew(
            () =>
            {
                byte[] text = KernelTransfer.CreatePayload(4, 1472);
                byte[] answer = new byte[2000];
                socket.Connect(new IPEndPoint(KernelNamespace.StackAddress, KernelServices.EchoPort));
                for (int length = 0; length <= text.Length; length++)
                {
                    socket.Send(text, length, SocketFlags.None);
                    sent++;
                    Assert.Equal(length, socket.Receive(answer));
                    Assert.True(text.AsSpan(0, length).SequenceEqual(answer.AsSpan(0, length)), $"{length} bytes");
                }
            },
            TaskCreationOptions.LongRunning);
        services.ServeWhile(s_limit, partner);
        UdpCounters udp = station.Stack.Udp.Counters;
        Assert.Equal(1473, sent);
        Assert.Equal(1473u, udp.DatagramsDelivered);
        Assert.Equal(1473u, udp.DatagramsSent);
        Assert.Equal(0u, udp.BadChecksum + udp.BadLength + udp.ReceiveQueueFull + udp.NoFrame);
        station.AssertClean(KernelServices.OpenSockets);
    }

    [KernelFact]
    public void Flood_of_datagrams_is_echoed_or_counted()
    {
        const int Count = 5000;
        using var station = new KernelStation("udp-flood", new StackConfiguration());
        var services = new KernelServices(station);
        using Socket socket = station.Namespace.OpenSocket(SocketType.Dgram, 500);
        socket.ReceiveBufferSize = Count * 2048;
        int answers = 0;
        Task partner = Task.Factory.StartNew(
            () =>
            {
                byte[] text = KernelTransfer.CreatePayload(5, 512);
                byte[] answer = new byte[2000];
                socket.Connect(new IPEndPoint(KernelNamespace.StackAddress, KernelServices.EchoPort));
                for (int i = 0; i < Count; i++)
                {
                    socket.Send(text);
                }

                while (true)
                {
                    try
                    {
                        Assert.Equal(text.Length, socket.Receive(answer));
                        answers++;
                    }
                    catch (SocketException e) when (e.SocketErrorCode is System.Net.Sockets.SocketError.TimedOut or System.Net.Sockets.SocketError.WouldBlock)
                    {
                        return;
                    }
                }
            },
            TaskCreationOptions.LongRunning);
        services.ServeWhile(s_limit, partner);
        UdpCounters udp = station.Stack.Udp.Counters;
        output.WriteLine($"{udp.DatagramsReceived} of {Count} came, {answers} came back, {udp.ReceiveQueueFull} found the queue full\n{station.Describe()}");

        // What the TAP device's own queue has dropped is the kernel's affair.
        Assert.InRange(answers, 100, Count);
        Assert.Equal((uint)answers, udp.DatagramsSent);
        Assert.Equal(udp.DatagramsReceived, udp.DatagramsDelivered + udp.ReceiveQueueFull);
        Assert.Equal(udp.DatagramsDelivered, udp.DatagramsSent + udp.NoFrame);
        services.AssertServing();
        station.AssertClean(KernelServices.OpenSockets);
    }

    [KernelTheory("ping")]
    [InlineData(56, 1)]
    [InlineData(1472, 1)]
    [InlineData(18, 20)]
    public void A_flood_of_pings_is_answered(int length, int atOnce)
    {
        const int Count = 1000;
        using var station = new KernelStation($"ping-{length}", new StackConfiguration());
        string report = Ping(station, Count, "-f", "-s", $"{length}", "-l", $"{atOnce}");

        // several that came at once are counted before it looks whether they are enough
        Assert.InRange(Pings.CountReplies(report), Count, int.MaxValue);
        Assert.DoesNotContain("duplicates", report, StringComparison.Ordinal);
        IcmpCounters icmp = station.Stack.Icmp.Counters;
        Assert.InRange(icmp.EchoRequests, (uint)Count, uint.MaxValue);
        AssertAllAnswered(station);
        Assert.Equal(0u, icmp.BadChecksum + icmp.BadLength + icmp.NoFrame);
        station.AssertClean();
    }

    [KernelFact("ping")]
    public void A_ping_in_fragments_is_answered()
    {
        const int Count = 20;
        using var station = new KernelStation("ping-fragments", new StackConfiguration { ReassemblyBytes = 4096 });
        string report = Ping(station, Count, "-i", "0.02", "-s", "3000", "-p", "a55a");
        Assert.DoesNotContain("wrong data", report, StringComparison.Ordinal);
        Assert.Equal(Count, Pings.CountReplies(report));
        AssertAllAnswered(station);
        uint requests = station.Stack.Icmp.Counters.EchoRequests;
        Assert.InRange(requests, (uint)Count, uint.MaxValue);
        Assert.Equal(3 * requests, station.Stack.IPv4.Counters.Fragments);
        Assert.Equal(requests, station.Stack.IPv4.Counters.Reassembled);
        Assert.Equal(3 * requests, station.Stack.IPv4.Counters.FragmentsSent);
        station.AssertClean();
    }

    /// <summary>
    /// What the kernel sent came and was answered, and every answer is where the kernel counts echo replies, whether ping was there still or
    /// not.
    /// </summary>
    private static void AssertAllAnswered(KernelStation station)
    {
        IcmpCounters icmp = station.Stack.Icmp.Counters;
        station.Run(s_limit, Task.CompletedTask, () => icmp.EchoRequests == KernelCounter(station, "Icmp", "OutEchos"));
        uint replies = icmp.EchoReplies;
        Assert.Equal(icmp.EchoRequests, replies);
        Assert.True(Eventually.Is(() => KernelCounter(station, "Icmp", "InEchoReps") == replies), $"{KernelCounter(station, "Icmp", "InEchoReps")} of {replies}");
        Assert.Equal(0, KernelCounter(station, "Icmp", "InCsumErrors"));
    }

    /// <summary>A counter of the kernel's, of <c>/proc/net/snmp</c>: a line of names, and below it a line of values.</summary>
    private static int KernelCounter(KernelStation station, string protocol, string name)
    {
        string[][] lines = [.. station.Namespace.Run(s_limit, "cat", "/proc/net/snmp").Output.Split('\n')
            .Where(line => line.StartsWith(protocol + ": ", StringComparison.Ordinal)).Select(line => line.Split(' '))];
        return int.Parse(lines[1][Array.IndexOf(lines[0], name)], CultureInfo.InvariantCulture);
    }

    private string Ping(KernelStation station, int count, params string[] options)
    {
        string[] command = Pings.Command(count, KernelNamespace.StackAddress.ToString(), ["-q", .. options]);
        Task<(int ExitCode, string Output, string Errors)> ping =
            Task.Factory.StartNew(() => station.Namespace.Run(s_limit, command), TaskCreationOptions.LongRunning);
        station.Run(s_limit, ping);
        output.WriteLine($"{ping.Result.Output}\n{ping.Result.Errors}\n{station.Describe()}");
        return ping.Result.Output;
    }
}
