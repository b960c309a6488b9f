// Licensed under the MIT license. See LICENSE in the repository root.

using System.Diagnostics;
using System.Globalization;
using FsCheck;
using FsCheck.Fluent;

namespace HostTests.Stack.Properties;

/// <summary>
/// Runs a scenario many times with different <see cref="Choices"/>. The seed is fixed, so that a run is the same run everywhere;
/// the environment variables PROPERTY_SEED and PROPERTY_FACTOR search elsewhere and longer. A failure is shrunk, and says seed,
/// numbers and story; PROPERTY_NUMBERS, separated by commas, runs just these numbers again, and PROPERTY_SHRINK_SECONDS is the time to shrink.
/// </summary>
internal static class Property
{
    private const ulong DefaultSeed = 20260101;

    /// <summary>Seconds after a failure in which a simpler one is looked for.</summary>
    private const long ShrinkSeconds = 20;

    public static void Check(int runs, int length, Action<Choices> scenario, ulong stream = 1)
    {
        string? replay = Environment.GetEnvironmentVariable("PROPERTY_NUMBERS");
        if (!string.IsNullOrEmpty(replay))
        {
            Run([.. replay.Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)], scenario, new Stopwatch());
            return;
        }

        ulong seed = (ulong)Variable("PROPERTY_SEED", (long)DefaultSeed);
        int factor = (int)Variable("PROPERTY_FACTOR", 1);
        Gen<int[]> numbers = Gen.Choose(0, 65535).ArrayOf(length);
        long shrinkSeconds = Variable("PROPERTY_SHRINK_SECONDS", ShrinkSeconds);
        Stopwatch watch = new();
        Arbitrary<int[]> arbitrary = Arb.From(numbers, value => Shrink(value).TakeWhile(_ => watch.Elapsed.TotalSeconds < shrinkSeconds));
        Config config = Config.QuickThrowOnFailure.WithMaxTest(runs * factor).WithReplay(seed, (stream * 2) + 1);
        Prop.ForAll(arbitrary, value => Run(value, scenario, watch)).Check(config);
    }

    private static void Run(int[] numbers, Action<Choices> scenario, Stopwatch watch)
    {
        Choices choices = new(numbers);
        try
        {
            scenario(choices);
        }
        catch (Exception failure)
        {
            watch.Start();
            throw new PropertyException($"{failure.Message}{Environment.NewLine}{choices}", failure);
        }
    }

    /// <summary>Fewer numbers first: the end cut off, then pieces out of the middle; then smaller ones.</summary>
    private static IEnumerable<int[]> Shrink(int[] numbers)
    {
        for (int piece = numbers.Length; piece > 0; piece /= 2)
        {
            for (int at = numbers.Length - piece; at >= 0; at -= piece)
            {
                yield return [.. numbers[..at], .. numbers[(at + piece)..]];
            }
        }

        for (int i = 0; i < numbers.Length; i++)
        {
            foreach (int smaller in new[] { 0, numbers[i] / 2, numbers[i] - 1 })
            {
                if (smaller >= 0 && smaller < numbers[i])
                {
                    int[] copy = [.. numbers];
                    copy[i] = smaller;
                    yield return copy;
                }
            }
        }
    }

    private static long Variable(string name, long otherwise)
    {
        string? text = Environment.GetEnvironmentVariable(name);
        return string.IsNullOrEmpty(text) ? otherwise : long.Parse(text, CultureInfo.InvariantCulture);
    }
}
