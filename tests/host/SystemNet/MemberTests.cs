// Licensed under the MIT license. See LICENSE in the repository root.

extern alias ours;

using Mono.Cecil;

namespace HostTests.SystemNet;

/// <summary>Each member of the surface is used by a test, and what both know has the same number.</summary>
public sealed class MemberTests
{
    /// <summary>What no test calls, and why.</summary>
    private static readonly string[] s_untold =
    [
        // the compiler makes them of every delegate type; and nobody but the garbage collector calls the others
        "BeginInvoke", "EndInvoke", "EventHandler::Invoke", "::Finalize",

        // the base class of ends that others derive; ours are IPEndPoints
        "System.Net.EndPoint::.ctor",

        // there is no radio that an event could tell of
        "System.Net.NetworkInformation.NetworkAPStationEventArgs::", "System.Net.NetworkInformation.WirelessAPStation::",
    ];

    [Fact]
    public void Each_member_is_used_by_a_test()
    {
        using ModuleDefinition surface = ModuleDefinition.ReadModule(typeof(ours::System.Net.Sockets.Socket).Assembly.Location);
        using ModuleDefinition tests = ModuleDefinition.ReadModule(typeof(MemberTests).Assembly.Location);
        using ModuleDefinition stories = ModuleDefinition.ReadModule(Path.Combine(AppContext.BaseDirectory, "SystemNet.Behaviours.dll"));
        HashSet<string> used =
        [
            .. Called(tests.GetTypes()),
            .. Called(stories.GetTypes().Where(t => t.FullName.StartsWith("SystemNetBehaviours.", StringComparison.Ordinal))),
        ];
        MethodDefinition[] members = [.. surface.GetTypes().Where(IsVisible).SelectMany(t => t.Methods).Where(m => (m.IsPublic || m.IsFamily) && m.Name != ".cctor")];

        // what overrides something is called by way of that
        HashSet<string> byBase = [.. used.Select(u => u[u.IndexOf("::", StringComparison.Ordinal)..])];
        string[] missing = [.. members.Where(m => !(m.IsVirtual && m.IsReuseSlot && byBase.Contains(Name(m)[Name(m).IndexOf("::", StringComparison.Ordinal)..])))
            .Select(Name).Where(n => !used.Contains(n) && !s_untold.Any(u => n.Contains(u, StringComparison.Ordinal))).Order(StringComparer.Ordinal)];
        Assert.True(missing.Length == 0, $"{missing.Length} of {members.Length}:\n{string.Join("\n", missing)}");
        Assert.InRange(members.Length, 200, int.MaxValue);
    }

    [Fact]
    public void Numbers_are_those_that_dotnet_has()
    {
        List<string> wrong = [];
        int compared = 0;
        foreach (Type type in typeof(ours::System.Net.Sockets.Socket).Assembly.GetExportedTypes().Where(t => t.IsEnum))
        {
            Type? theirs = new[] { typeof(System.Net.Sockets.Socket), typeof(System.Net.IPAddress), typeof(System.Net.NetworkInformation.NetworkInterface), typeof(System.Net.Security.SslStream) }
                .Select(t => t.Assembly.GetType(type.FullName!)).FirstOrDefault(t => t is { IsEnum: true });
            foreach (string name in theirs == null ? [] : Enum.GetNames(type).Intersect(Enum.GetNames(theirs)))
            {
                compared++;
                long number = Convert.ToInt64(Enum.Parse(type, name), null);
                long expected = Convert.ToInt64(Enum.Parse(theirs!, name), null);
                if (number != expected)
                {
                    wrong.Add($"{type.Name}.{name} is {number}, and {expected} with .NET");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
        Assert.InRange(compared, 150, int.MaxValue);
    }

    private static bool IsVisible(TypeDefinition type) =>
        (type.IsPublic || (type.IsNestedPublic && IsVisible(type.DeclaringType))) && type.Namespace != "System.IO";

    private static IEnumerable<string> Called(IEnumerable<TypeDefinition> types) =>
        types.SelectMany(t => t.Methods).Where(m => m.HasBody).SelectMany(m => m.Body.Instructions).Select(i => i.Operand).OfType<MethodReference>().Select(Name);

    private static string Name(MethodReference method) => $"{method.DeclaringType.FullName}::{method.Name}({string.Join(", ", method.Parameters.Select(p => p.ParameterType.FullName))})";
}
