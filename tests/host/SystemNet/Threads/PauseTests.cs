// Licensed under the MIT license. See LICENSE in the repository root.

using Xunit.Abstractions;

namespace HostTests.SystemNet.Threads;

/// <summary>A thread may lose the processor between any two instructions, for as long as others have something to do.</summary>
[Collection(NetworkCollection.Name)]
public sealed class PauseTests(ITestOutputHelper output)
{
    /// <summary>Names how many of the instructions of each kind of call are tried, in place of some: ALL for each.</summary>
    private const string CountVariable = "PAUSE_INSTRUCTIONS";
    private const int Some = 6;

    public static TheoryData<string> Kinds => [.. AbortPlay.Kinds];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Between_two_instructions(string kind)
    {
        string? named = Environment.GetEnvironmentVariable(CountVariable);
        Try(kind, string.Empty, named == "ALL" ? int.MaxValue : named == null ? Some : int.Parse(named, System.Globalization.CultureInfo.InvariantCulture));
    }

    /// <summary>Which needs no lock, and is done twice: by then another thread may have the waiter.</summary>
    [Fact]
    public void While_a_waiter_is_given_back() => Try(nameof(AbortPlay.Calls.Receiving), "Give", int.MaxValue);

    private void Try(string kind, string method, int tries)
    {
        int count = Play(kind, 0, method);
        int step = Math.Max(1, count / tries);
        List<string> wrong = [];
        for (int at = 1 + (kind.Length % step); at <= count; at += step)
        {
            try
            {
                Play(kind, at, method);
            }
            catch (Exception exception)
            {
                string place = (string)AbortTests.Copy.Call(typeof(PausePlay), "get_" + nameof(PausePlay.Place))!;
                wrong.Add($"{at}, in {place}: {exception.Message}");
            }
        }

        output.WriteLine($"{count} instructions");
        Assert.InRange(count, 2, int.MaxValue);
        Assert.True(wrong.Count == 0, $"{wrong.Count} of {count}:\n{string.Join("\n", wrong)}");
    }

    private static int Play(string kind, int instruction, string method) =>
        (int)AbortTests.Copy.Call(typeof(PausePlay), nameof(PausePlay.Play), kind, instruction, method)!;
}
