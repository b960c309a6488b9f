// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using VirtualBoard.Enc28j60;
using Xunit.Abstractions;

namespace HostTests.Soak;

/// <summary>
/// Days of traffic and faults. Ordinarily six hours of virtual time for each of three seeds. <c>SOAK_DAYS=7</c> makes it seven days for
/// the first seed, <c>SOAK_SEED</c> chooses that seed, and <c>SOAK_KINDS=LinkDown,MisoFlips</c> the faults. Each seed has a class of its
/// own, so that they run side by side.
/// </summary>
public abstract class SoakTest(ITestOutputHelper output)
{
    private static readonly string? Days = Environment.GetEnvironmentVariable("SOAK_DAYS");

    /// <summary>Runs a board and its partner through faults of every kind.</summary>
    /// <param name="settings">Chip, wiring and seed.</param>
    internal void OutliveEveryFault(SoakSettings settings)
    {
        WarmUp(settings);
        int seed = settings.Seed;
        TimeSpan duration = TimeSpan.FromHours(6);
        if (Days is not null)
        {
            duration = seed == 1 ? TimeSpan.FromDays(double.Parse(Days, CultureInfo.InvariantCulture)) : TimeSpan.FromMinutes(10);
        }

        if (seed == 1 && Environment.GetEnvironmentVariable("SOAK_SEED") is { } chosen)
        {
            seed = int.Parse(chosen, CultureInfo.InvariantCulture);
        }

        settings = settings with { Seed = seed, Duration = duration };
        if (Environment.GetEnvironmentVariable("SOAK_KINDS") is { } kinds)
        {
            settings = settings with { Kinds = [.. kinds.Split(',').Select(Enum.Parse<FaultKind>)] };
        }

        using var run = new SoakRun(settings);
        run.Run();
        string report = run.Report();
        output.WriteLine(report);
        Assert.True(run.Failures.Count == 0, report);
    }

    /// <summary>Everything runs once before allocations are counted: what .NET sets up at the first time is not the driver's.</summary>
    private static void WarmUp(SoakSettings settings)
    {
        using var run = new SoakRun(settings with { Seed = 99, Duration = TimeSpan.FromMinutes(10), MeanGap = TimeSpan.FromSeconds(15) });
        run.Run();
    }
}
