// Licensed under the MIT license. See LICENSE in the repository root.

namespace HostTests.Stack.Properties;

/// <summary>
/// A list of numbers that decides everything that a scenario leaves open. When it is used up, each further choice is the first and
/// simplest. So a shorter list, or smaller numbers, is a simpler scenario: that is what makes a failing one shrink.
/// </summary>
internal sealed class Choices(int[] numbers)
{
    private readonly List<string> _log = [];
    private int _next;

    /// <summary>Gets a value indicating whether only the simplest choices are left.</summary>
    public bool IsUsedUp => _next >= numbers.Length;

    /// <summary>A number from 0 to below a limit.</summary>
    public int Below(int limit) => IsUsedUp ? 0 : (int)((uint)numbers[_next++] % (uint)limit);

    /// <summary>A number between two, both included.</summary>
    public int Between(int low, int high) => low + Below(high - low + 1);

    /// <summary>Any 32 bits.</summary>
    public uint Word() => ((uint)Below(65536) << 16) | (uint)Below(65536);

    public bool OneIn(int n) => Below(n) == n - 1;

    public T Pick<T>(params T[] items) => items[Below(items.Length)];

    /// <summary>Notes what was chosen, to be read if the scenario fails.</summary>
    public void Note(string line) => _log.Add(line);

    public override string ToString() => string.Join(Environment.NewLine, _log.TakeLast(60));
}
