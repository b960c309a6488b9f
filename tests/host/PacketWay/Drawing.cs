// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace HostTests.PacketWay;

/// <summary>Draws calls as a tree, a line each: method, file, and what it is for.</summary>
internal static class Drawing
{
    private const int SummaryWidth = 76;

    /// <summary>Types that read and write fields of a frame, or sum them up: what every step does all the time, and no step.</summary>
    private static readonly string[] s_alphabet = ["Frame", "InternetChecksum"];

    /// <summary>A call and all that it leads to.</summary>
    public static Call[] Under(Call[] calls, string method)
    {
        int root = Array.FindIndex(calls, call => call.Method == method);
        if (root < 0)
        {
            throw new InvalidOperationException($"{method} is not called: PacketWayTests names where the drawing begins");
        }

        int end = Array.FindIndex(calls, root + 1, call => call.Depth <= calls[root].Depth);
        return calls[root..(end < 0 ? calls.Length : end)];
    }

    /// <summary>
    /// The steps among calls: without properties, without the alphabet, and without those that only give their caller an answer and need
    /// nobody for it. The depth is that among the steps.
    /// </summary>
    public static Call[] Steps(Call[] calls)
    {
        List<Call> told = [.. calls.Where(call => !call.IsAccessor && !s_alphabet.Contains(call.Method.Split('.')[0]))];
        bool[] isStep = [.. told.Select((call, i) => call.IsVoid || IsDriver(call) || (i + 1 < told.Count && told[i + 1].Depth > call.Depth))];
        List<Call> steps = [];
        Stack<int> above = [];
        for (int i = 0; i < told.Count; i++)
        {
            while (above.Count > 0 && above.Peek() >= told[i].Depth)
            {
                above.Pop();
            }

            if (isStep[i])
            {
                steps.Add(told[i] with { Depth = above.Count });
                above.Push(told[i].Depth);
            }
        }

        return [.. steps];
    }

    /// <summary>The lines of the drawing, each with what the method's documentation says first.</summary>
    public static string Draw(Call[] calls)
    {
        string[] methods = [.. calls.Select(call => new string(' ', 2 * (call.Depth - calls[0].Depth)) + call.Method)];
        int methodWidth = methods.Max(method => method.Length);
        int fileWidth = calls.Max(call => call.File.Length);
        StringBuilder text = new();
        for (int i = 0; i < calls.Length; i++)
        {
            text.Append($"{methods[i].PadRight(methodWidth)}  {calls[i].File.PadRight(fileWidth)}  {Shorten(calls[i].Summary)}".TrimEnd()).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>How much of the stack one has to know to follow the calls, and how often a call is in another file than the one before it.</summary>
    public static string Count(Call[] calls)
    {
        int files = calls.DistinctBy(call => call.File).Count();
        int changes = calls.Zip(calls.Skip(1)).Count(pair => pair.First.File != pair.Second.File);
        return $"{calls.Length} calls, {files} files, {changes} changes of file";
    }

    private static bool IsDriver(Call call) => call.Method.StartsWith(TracedStack.Driver, StringComparison.Ordinal);

    private static string Shorten(string summary)
    {
        if (summary.Length <= SummaryWidth)
        {
            return summary;
        }

        return summary[..summary.LastIndexOf(' ', SummaryWidth - 4)].TrimEnd(',', ';', ':') + " ...";
    }
}
