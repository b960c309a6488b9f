// Licensed under the MIT license. See LICENSE in the repository root.

namespace Benchmarks;

/// <summary>Prints throughput by buffer and loss beside smoltcp's own figures.</summary>
internal static class NetworkSimulationTable
{
    /// <summary>The snapshot of smoltcp's tests/netsim.rs (commit 5393f885), same axes, bytes per second.</summary>
    private static readonly double[][] s_smoltcp =
    [
        [10238.50, 10023.19, 8340.90, 7084.25, 4003.34, 1869.94, 290.74, 60.92],
        [17535.11, 17171.82, 14093.50, 11963.68, 7399.06, 3416.41, 690.50, 126.57],
        [35062.41, 33859.80, 26937.41, 21886.99, 14073.67, 7870.66, 1603.60, 401.79],
        [322944.88, 314779.73, 219670.76, 166587.86, 76626.48, 37774.62, 6079.34, 1156.40],
    ];

    public static void Print()
    {
        Console.WriteLine("TCP throughput in bytes per second on a virtual clock: round trip 100 ms, frames lost both ways, 10 MiB from A to B.");
        Console.WriteLine("In each cell: without congestion control, as smoltcp's netsim runs / smoltcp / with congestion control, as the stack comes.");
        Console.WriteLine();
        Console.WriteLine("| buffer | " + string.Join(" | ", NetworkSimulation.Losses.Select(loss => $"loss {loss:P1}")) + " |");
        Console.WriteLine("|---|" + string.Concat(Enumerable.Repeat("---|", NetworkSimulation.Losses.Length)));
        int below = 0;
        for (int row = 0; row < NetworkSimulation.Buffers.Length; row++)
        {
            int buffer = NetworkSimulation.Buffers[row];
            string line = $"| {buffer} |";
            for (int column = 0; column < NetworkSimulation.Losses.Length; column++)
            {
                double loss = NetworkSimulation.Losses[column];
                double trusting = NetworkSimulation.Throughput(buffer, loss, false);
                double careful = NetworkSimulation.Throughput(buffer, loss, true);
                below += trusting < s_smoltcp[row][column] ? 1 : 0;
                line += $" {trusting:F0} / {s_smoltcp[row][column]:F0} / {careful:F0} |";
            }

            Console.WriteLine(line);
        }

        Console.WriteLine();
        Console.WriteLine($"Cells in which smoltcp is ahead without congestion control: {below}.");
    }
}
