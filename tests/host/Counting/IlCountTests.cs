// Licensed under the MIT license. See LICENSE in the repository root.

using Benchmarks;

namespace HostTests.Counting;

/// <summary>The counters that the benchmarks add to the device's code.</summary>
public class IlCountTests
{
    [Fact]
    public void Two_runs_count_the_same_and_each_part_is_counted()
    {
        string[] first = new CountedContext().Sample();
        string[] second = new CountedContext().Sample();

        Assert.Equal(first, second);
        Assert.Equal(["idle", "arp", "echo-56"], first.Select(line => line.Split(' ')[0]));

        // calls of our methods and of libraries', stack, web server, driver, application, libraries, all, SPI transfers, their bytes
        Assert.All(first, line => Assert.All(Numbers(line), number => Assert.True(number > 0, line)));
        Assert.All(first, line => Assert.Equal(Numbers(line)[2..7].Sum(), Numbers(line)[7]));
        Assert.True(Numbers(first[2])[9] > Numbers(first[1])[9], "an echo takes more bytes than an ARP request");
    }

    private static int[] Numbers(string line)
    {
        return [.. line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Where(word => word != "|").Select(int.Parse)];
    }
}
