// Licensed under the MIT license. See LICENSE in the repository root.

using Benchmarks;

// What things cost, counted: the same on every machine and in every run. Nothing here is timed.
switch (args)
{
    case ["netsim"]:
        NetworkSimulationTable.Print();
        return 0;
    case ["scenarios"]:
        Scenarios.Print();
        return 0;
    case []:
    case ["spi"]:
        new CountedContext().PrintSpi();
        return 0;
    case ["il"]:
        Count().PrintIl(12);
        return 0;
    case ["il", "trimmed", .. string[] methods]:
        string folder = Directory.CreateTempSubdirectory("trimmed").FullName;
        try
        {
            FlashReport.WriteInlined(folder);
            Count(folder).PrintIl(methods.Length > 0 ? int.Parse(methods[0]) : 12);
            return 0;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

    case ["il", string methods]:
        Count().PrintIl(int.Parse(methods));
        return 0;
    case ["flash"]:
        FlashReport.Print();
        return 0;
    case ["device"]:
        Count().RunDeviceTests();
        return 0;
    default:
        Console.Error.WriteLine("Say what to count: spi, il [trimmed] [methods to name], flash, device, netsim, scenarios.");
        return 1;
}

static CountedContext Count(string? folder = null)
{
    var context = new CountedContext(folder);
    if (!context.IsOptimized)
    {
        Console.Error.WriteLine("The board runs optimized code: dotnet run -c Release --project tests/benchmarks -- il");
        Environment.Exit(1);
    }

    return context;
}
