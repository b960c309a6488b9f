// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;
using System.Text.RegularExpressions;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// A sequence or acknowledgment number: <c>101</c> (from the initial one on), <c>nxt-1</c> (from the next one on), <c>=0</c> (as
/// it stands on the wire), <c>iss</c> (the initial one, to be learnt), <c>*</c> (any).
/// </summary>
internal sealed partial class LadderNumber
{
    private readonly long _offset;
    private readonly Form _form;

    public LadderNumber(string text)
    {
        Match match = Parts().Match(text);
        if (!match.Success)
        {
            throw new FormatException("not a number: " + text);
        }

        string number = match.Groups["number"].Value;
        _offset = number.Length == 0 ? 0 : long.Parse(number, CultureInfo.InvariantCulture);
        _form = match.Groups["form"].Value switch
        {
            "nxt" => Form.Next,
            "=" => Form.OnWire,
            "iss" => Form.Initial,
            "*" => Form.Any,
            _ => Form.Relative,
        };
    }

    private enum Form
    {
        Relative,
        Next,
        OnWire,
        Initial,
        Any,
    }

    public bool IsAny => _form == Form.Any;

    public bool IsInitial => _form == Form.Initial;

    public bool IsOnWire => _form == Form.OnWire;

    /// <summary>The number as it stands on the wire.</summary>
    public uint On(uint initial, long next)
    {
        return _form switch
        {
            Form.OnWire => (uint)_offset,
            Form.Next => initial + (uint)(next + _offset),
            _ => initial + (uint)_offset,
        };
    }

    /// <summary>The number counted from the initial one.</summary>
    public long Relative(uint initial, long next)
    {
        return _form switch
        {
            Form.OnWire => (int)((uint)_offset - initial),
            Form.Next => next + _offset,
            _ => _offset,
        };
    }

    /// <summary>Whether this is another number plus a length, as far as that can be told from the text.</summary>
    public bool IsAfter(LadderNumber start, int length) => start._form == _form && (IsAny || _offset == start._offset + length);

    [GeneratedRegex(@"^(?<form>nxt|=|iss|\*|)(?<number>[+-]?\d+)?$")]
    private static partial Regex Parts();
}
