// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Xunit.Sdk;

namespace HostTests.Stack.Ladder.Language;

/// <summary>The ladder as it was climbed, for who must find out why it ended too early.</summary>
internal sealed class LadderLog
{
    private const string Heading = "The ladder so far (milliseconds):";

    private readonly StringBuilder _text = new();

    /// <summary>Whether an exception tells of a ladder already.</summary>
    public static bool IsBroken(XunitException exception) => exception.Message.Contains(Heading);

    public void Peer(int time, string name, string segment) => Line(time, $"{name} ---> {segment}");

    public void Stack(int time, string name, string segment) => Line(time, $"{name} <--- {segment}");

    public void Call(int time, string call) => Line(time, $"          {call}");

    /// <summary>
    /// Makes the exception that ends a ladder.
    /// </summary>
    /// <param name="step">The line that was not kept; null behind the last one.</param>
    /// <param name="expected">What was expected.</param>
    /// <param name="came">What came instead.</param>
    public XunitException Broken(LadderStep? step, string expected, string came)
    {
        string line = step == null ? "after the last line" : $"{step.Place}: {step.Text}";
        return new XunitException($"{line}\n  expected: {expected}\n  came:     {came}\n\n{Heading}\n{_text}");
    }

    private void Line(int time, string text) => _text.Append($"{time,9}  {text}\n");
}
