// Licensed under the MIT license. See LICENSE in the repository root.

using System.Globalization;

namespace Mutation;

/// <summary>What is known of a test after it ran once.</summary>
/// <param name="Index">Its place in the list.</param>
/// <param name="Name">Its name.</param>
/// <param name="Milliseconds">Processor time that it takes.</param>
internal sealed record TestProfile(int Index, string Name, double Milliseconds)
{
    /// <summary>As the worker wants it.</summary>
    internal string ToArgument() => string.Create(CultureInfo.InvariantCulture, $"{Index}:{Milliseconds:F1}");
}
