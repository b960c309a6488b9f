// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Xunit.Abstractions;

namespace HostTests.EndToEnd;

/// <summary>Much data between the stack and the Linux kernel, over good and bad wires, whoever opens the connection.</summary>
[Collection(EndToEndCollection.Name)]
public sealed class KernelBulkTests(ITestOutputHelper output)
{
    private const int Megabyte = 1_000_000;

    /// <summary>Megabytes per direction instead of what the tests say, for a long run.</summary>
    private static readonly double? s_megabytes =
        double.TryParse(Environment.GetEnvironmentVariable("BULK_MEGABYTES"), CultureInfo.InvariantCulture, out double megabytes) ? megabytes : null;

    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(s_megabytes is null ? 400 : 3600);

    [KernelTheory]
    [InlineData(0, 20)]
    [InlineData(1, 20)]
    [InlineData(5, 20)]
    [InlineData(10, 8)]
    public void The_kernel_connects(int percent, double megabytes)
    {
        using var station = new KernelStation($"passive-{percent}", KernelStation.BigWindows(), percent);
        Transfer(station, megabytes, stackConnects: false);
        station.AssertClean();
    }

    [KernelTheory]
    [InlineData(0, 20)]
    [InlineData(1, 20)]
    [InlineData(5, 20)]
    [InlineData(10, 8)]
    public void The_stack_connects(int percent, double megabytes)
    {
        using var station = new KernelStation($"active-{percent}", KernelStation.BigWindows(), percent, seed: 2);
        Transfer(station, megabytes, stackConnects: true);
        station.AssertClean();
    }

    [KernelTheory]
    [InlineData(false, 0, 5)]
    [InlineData(true, 0, 5)]
    [InlineData(false, 5, 0.3)]
    [InlineData(true, 5, 0.3)]
    public void The_default_sizes_do(bool stackConnects, int percent, double megabytes)
    {
        using var station = new KernelStation($"default-{(stackConnects ? "active" : "passive")}-{percent}", new StackConfiguration(), percent);
        Transfer(station, megabytes, stackConnects);
        station.AssertClean();
    }

    private void Transfer(KernelStation station, double megabytes, bool stackConnects)
    {
        int length = (int)((s_megabytes ?? megabytes) * Megabyte);
        byte[] toStack = KernelTransfer.CreatePayload(1, length);
        byte[] toKernel = KernelTransfer.CreatePayload(2, length);
        using KernelConnection connection = stackConnects
            ? KernelConnection.FromStack(station, s_limit)
            : KernelConnection.FromKernel(station, s_limit);
        var transfer = new KernelTransfer(station.Sockets, connection.Descriptor, toKernel, receiveFirst: !stackConnects);
        var watch = Stopwatch.StartNew();
        TimeSpan half = default;
        Task<byte[]> partner = Task.Factory.StartNew(
            () => KernelTransfer.RunPartner(connection.Socket, toStack, sendFirst: stackConnects ? null : true), TaskCreationOptions.LongRunning);
        station.Run(s_limit, partner, () =>
        {
            bool turned = stackConnects ? transfer.Received > 0 : transfer.Received == length;
            half = half == default && turned ? watch.Elapsed : half;
            return transfer.Step();
        });
        TimeSpan rest = watch.Elapsed - half;
        output.WriteLine(
            $"{length} bytes to the stack in {(stackConnects ? rest : half).TotalSeconds:F2} s, "
            + $"to the kernel in {(stackConnects ? half : rest).TotalSeconds:F2} s");
        output.WriteLine(station.Describe());
        Assert.Equal(SHA256.HashData(toStack), transfer.Hash);
        Assert.Equal(SHA256.HashData(toKernel), partner.Result);
    }
}
