// Licensed under the MIT license. See LICENSE in the repository root.

using System.Reflection;
using Xunit.Sdk;

namespace HostTests.Stack.Ladder.Language;

/// <summary>
/// Runs a theory whose body plays a ladder once for each <see cref="Variant"/>, and for each of some words (states, flags,
/// numbers) that the ladder is to be played with.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class LadderAttribute(params string[] words) : DataAttribute
{
    /// <summary>The seven synchronized states (RFC 9293 section 3.5.1), as <c>given</c> knows them.</summary>
    public const string Synchronized = "ESTABLISHED FIN-WAIT-1 FIN-WAIT-2 CLOSE-WAIT CLOSING LAST-ACK TIME-WAIT";

    public override IEnumerable<object[]> GetData(MethodInfo testMethod)
    {
        foreach (Variant variant in Enum.GetValues<Variant>())
        {
            if (words.Length == 0)
            {
                yield return [variant];
            }

            foreach (string word in words.SelectMany(w => w == Synchronized ? w.Split(' ') : [w]))
            {
                yield return [variant, word];
            }
        }
    }
}
