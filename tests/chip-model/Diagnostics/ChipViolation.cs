// Licensed under the MIT license. See LICENSE in the repository root.

namespace VirtualBoard.Enc28j60;

/// <summary>One breach of a rule.</summary>
/// <param name="Rule">Which rule.</param>
/// <param name="Severity">How bad.</param>
/// <param name="Message">What happened.</param>
/// <param name="Bank">Register bank that was selected, 0 to 3.</param>
/// <param name="Address">Register address or argument of the instruction, 00h to 1Fh.</param>
/// <param name="TimeNs">Virtual time, nanoseconds.</param>
public readonly record struct ChipViolation(ViolationRule Rule, ViolationSeverity Severity, string Message, int Bank, int Address, long TimeNs)
{
    /// <summary>The rule's number as it is cited, for example T05.</summary>
    public string RuleId => $"T{(int)Rule:D2}";

    /// <inheritdoc/>
    public override string ToString() =>
        $"{TimeNs / 1000,10} us  {RuleId} {Rule} {Severity}: {Message} [{RegisterMap.NameOf(Bank, Address)}, bank {Bank}, address {Address:X2}h]";
}
