// Licensed under the MIT license. See LICENSE in the repository root.

using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>Something that allocates on nanoCLR, and how it is reached.</summary>
/// <param name="What">What it is.</param>
/// <param name="At">The method that it is in, and the shortest way there.</param>
/// <param name="Site">The instruction; null for what the method's signature or locals cost.</param>
internal sealed record Violation(string What, Step At, Instruction? Site)
{
    /// <summary>Gets the method, as "Namespace.Type::Name".</summary>
    public string Method => Name(At.Method);

    /// <summary>A method as "Namespace.Type::Name", as the lists of entry points and exemptions write it.</summary>
    public static string Name(MethodReference method) => method.DeclaringType.FullName + "::" + method.Name;

    /// <summary>The call chain from the entry point, then the place and what is wrong there.</summary>
    public override string ToString()
    {
        Stack<Step> chain = [];
        for (Step? step = At; step != null; step = step.Caller)
        {
            chain.Push(step);
        }

        StringBuilder text = new();
        int depth = 0;
        foreach (Step step in chain)
        {
            text.Append(' ', depth++ * 2).Append(Name(step.Method));
            if (step.Called != null && step.Called.FullName != step.Method.FullName)
            {
                text.Append("   (called as ").Append(Name(step.Called)).Append(')');
            }

            text.Append('\n');
        }

        text.Append(' ', depth * 2).Append(Site == null ? "signature" : $"IL_{Site.Offset:x4}").Append(Line()).Append(": ").Append(What);
        return text.ToString();
    }

    private string Line()
    {
        if (Site == null || !At.Method.DebugInformation.HasSequencePoints)
        {
            return string.Empty;
        }

        SequencePoint? point = At.Method.DebugInformation.SequencePoints.LastOrDefault(p => p.Offset <= Site.Offset && !p.IsHidden);
        return point == null ? string.Empty : $" ({point.Document.Url.Split('/', '\\')[^1]}:{point.StartLine})";
    }
}
