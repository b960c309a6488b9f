// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;

namespace HostTests.ZeroAllocation.Walk;

/// <summary>The assemblies whose code is walked. Whatever else they call is a framework to them.</summary>
internal sealed class AssemblySet : IDisposable
{
    private readonly Resolver _resolver = new();
    private readonly List<ModuleDefinition> _modules = [];
    private readonly List<TypeDefinition> _types = [];

    private AssemblySet()
    {
    }

    /// <summary>Gets all types, nested ones included.</summary>
    public IReadOnlyCollection<TypeDefinition> Types => _types;

    /// <summary>Reads assemblies.</summary>
    /// <param name="paths">The assemblies, and folders that hold what they refer to. That is looked for beside the assemblies, then in
    /// the folders, then in the host's runtime, so that a device build finds the device's libraries.</param>
    public static AssemblySet Load(IEnumerable<string> paths)
    {
        AssemblySet set = new();
        string[] all = paths.Select(Path.GetFullPath).ToArray();
        string[] folders = all.Where(Directory.Exists).ToArray();
        string[] files = all.Except(folders).ToArray();
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        foreach (string folder in files.Select(path => Path.GetDirectoryName(path)!).Concat(folders).Append(runtime).Distinct())
        {
            set._resolver.AddSearchDirectory(folder);
        }

        // source lines come from the .pdb, if there is one
        ReaderParameters parameters = new()
        {
            AssemblyResolver = set._resolver,
            InMemory = true,
            ReadSymbols = true,
            SymbolReaderProvider = new DefaultSymbolReaderProvider(false),
            ThrowIfSymbolsAreNotMatching = false,
        };
        foreach (string path in files)
        {
            AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path, parameters);
            set._resolver.Add(assembly);
            foreach (ModuleDefinition module in assembly.Modules)
            {
                set._modules.Add(module);
                set._types.AddRange(module.GetTypes());
            }
        }

        return set;
    }

    /// <summary>Whether a method's code is among what is walked.</summary>
    public bool Contains(MethodDefinition method) => _modules.Contains(method.Module);

    /// <summary>Finds a type by its full name.</summary>
    public TypeDefinition? Find(string fullName) => _types.Find(type => type.FullName == fullName);

    public void Dispose()
    {
        foreach (ModuleDefinition module in _modules)
        {
            module.Dispose();
        }

        _resolver.Dispose();
    }

    private sealed class Resolver : DefaultAssemblyResolver
    {
        public Resolver()
        {
            // the working folder says nothing about what was built
            foreach (string folder in GetSearchDirectories())
            {
                RemoveSearchDirectory(folder);
            }
        }

        public void Add(AssemblyDefinition assembly) => RegisterAssembly(assembly);
    }
}
