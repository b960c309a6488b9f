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
        Console.Error.WriteLine("Say what to count: spi, il [methods to name], flash, device, netsim, scenarios.");
        return 1;
}

static CountedContext Count()
{
    var context = new CountedContext();
    if (!context.IsOptimized)
    {
        Console.Error.WriteLine("The board runs optimized code: dotnet run -c Release --project tests/benchmarks -- il");
        Environment.Exit(1);
    }

    return context;
}
