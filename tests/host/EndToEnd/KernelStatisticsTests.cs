// Licensed under the MIT license. See LICENSE in the repository root.

using System.Net.Sockets;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>What the Linux kernel measures of the stack while data flows, read from <c>ss</c>: a second opinion on the stack's TCP.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelStatisticsTests(ITestOutputHelper output)
{
    /// <summary>Milliseconds: shorter than the kernel's shortest timeout, so that none of its timers runs out.</summary>
    private const int Calm = 100;
    private const int LooksWithoutProgress = 10;

    private static readonly TimeSpan s_limit = TimeSpan.FromMinutes(5);

    [KernelTheory("ss")]
    [InlineData(true, 60)]
    [InlineData(false, 15)]
    public void Good_wire_looks_good_to_the_kernel(bool bigWindows, int megabytes)
    {
        StackConfiguration configuration = bigWindows ? KernelStation.BigWindows() : new StackConfiguration();
        using var station = new KernelStation($"statistics-{(bigWindows ? "big" : "default")}", configuration);
        byte[] payload = KernelTransfer.CreatePayload(3, megabytes * 1_000_000);
        using KernelConnection connection = KernelConnection.FromKernel(station, s_limit);

        // Both directions at once, and somebody who asks the kernel all the time.
        var transfer = new KernelTransfer(station.Sockets, connection.Descriptor, payload, receiveFirst: false);
        var samples = new List<KernelSocketInfo>();
        Task<byte[]> partner = Task.Factory.StartNew(
            () =>
            {
                using var stop = new CancellationTokenSource();
                Task sampler = Task.Factory.StartNew(() => Sample(station, samples, stop.Token), TaskCreationOptions.LongRunning);
                byte[] hash = KernelTransfer.RunPartner(connection.Socket, payload, sendFirst: false);
                stop.Cancel();
                sampler.Wait();
                return hash;
            },
            TaskCreationOptions.LongRunning);
        station.Run(s_limit, partner, transfer.Step);
        Assert.Equal(SHA256.HashData(payload), transfer.Hash);
        Assert.Equal(SHA256.HashData(payload), partner.Result);

        KernelSocketInfo[] flowing = [.. samples.Where(s => s.Acknowledged > 0 && s.Received > 0)];
        Assert.NotEmpty(flowing);
        output.WriteLine($"{samples.Count} samples, {flowing.Length} of a flow, away {station.Absences} times and {station.LongestAbsence} ms at "
            + $"most\n{station.Describe()}\n{flowing[^1].Text}");
        foreach (KernelSocketInfo info in flowing)
        {
            Assert.Equal(station.Wire.OffersSack, info.Sack);
            Assert.True(info.Mss == (bigWindows ? 1460 : Math.Min(1460, configuration.TcpReceiveWindow / 2)), info.Text);
        }

        // A PC that lets the test's thread wait is a wire with a delay that jumps, and the kernel may take that for loss: nothing can be
        // said of time then. What it may send again grows with how often that was.
        int windows = configuration.TcpReceiveWindow / 1000;
        int repeated = station.Absences * (2 + windows);
        if (station.LongestAbsence < Calm)
        {
            foreach (KernelSocketInfo info in flowing)
            {
                Assert.True(info.CongestionWindow >= 2, info.Text);
                Assert.True(info.RoundTripTime is > 0 and < 100, info.Text);
                Assert.True(info.RetransmissionTimeout is >= 200 and < 1000, info.Text);
            }
        }

        // Nothing is lost, so nothing has to be sent again. But the kernel waits for some milliseconds only before it probes for a lost tail
        // (RFC 8985 section 7).
        KernelSocketInfo last = flowing[^1];
        Assert.True(last.Retransmitted <= Few(last.SegmentsSent) + repeated, last.Text);
        Assert.True(last.OutOfOrder <= Few(last.SegmentsReceived) + repeated, last.Text);
        Assert.InRange((int)station.Stack.Tcp.Counters.Retransmissions, 0, Few((int)station.Stack.Tcp.Counters.SegmentsSent) + repeated);

        // What the kernel lacked was never room in a window that had closed for good: the flow went on. On a busy PC the program that looks
        // has to wait as well, so looks are counted and not seconds.
        int still = 0;
        for (int i = 1; i < flowing.Length; i++)
        {
            KernelSocketInfo before = flowing[i - 1];
            KernelSocketInfo after = flowing[i];
            still = after.Acknowledged > before.Acknowledged || after.Received > before.Received ? 0 : still + 1;
            Assert.True(still < LooksWithoutProgress, $"{before.Text}\n{after.Text}");
        }

        station.AssertClean();
    }

    private static int Few(int segments) => 3 + (segments / 100);

    private static void Sample(KernelStation station, List<KernelSocketInfo> samples, CancellationToken stop)
    {
        do
        {
            samples.AddRange(KernelSocketInfo.ReadAll(station.Namespace));
        }
        while (!stop.WaitHandle.WaitOne(20));
    }
}
