// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;

namespace VirtualBoard.Enc28j60;

/// <summary>All breaches so far. A right driver leaves <see cref="Count"/> at zero as long as no fault is injected.</summary>
public sealed class ViolationLog
{
    private const int MaxKept = 1000;

    private readonly Lock _lock = new();
    private readonly List<ChipViolation> _items = [];

    /// <summary>Raised at each breach.</summary>
    public event Action<ChipViolation>? Added;

    /// <summary>Breaches of severity error.</summary>
    public int Count { get; private set; }

    /// <summary>Breaches of severity warning.</summary>
    public int WarningCount { get; private set; }

    /// <summary>The first thousand breaches, warnings included.</summary>
    public IReadOnlyList<ChipViolation> Items
    {
        get
        {
            lock (_lock)
            {
                return [.. _items];
            }
        }
    }

    /// <summary>Breaches of one rule, warnings included.</summary>
    public int CountOf(ViolationRule rule)
    {
        lock (_lock)
        {
            return _items.FindAll(item => item.Rule == rule).Count;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            _items.Clear();
            Count = 0;
            WarningCount = 0;
        }
    }

    /// <summary>All breaches, one per line.</summary>
    public override string ToString()
    {
        lock (_lock)
        {
            var text = new StringBuilder();
            text.AppendLine($"{Count} errors, {WarningCount} warnings");
            foreach (ChipViolation item in _items)
            {
                text.AppendLine(item.ToString());
            }

            return text.ToString();
        }
    }

    internal void Add(ChipViolation violation)
    {
        lock (_lock)
        {
            if (violation.Severity == ViolationSeverity.Error)
            {
                Count++;
            }
            else
            {
                WarningCount++;
            }

            if (_items.Count < MaxKept)
            {
                _items.Add(violation);
            }
        }

        Added?.Invoke(violation);
    }
}
