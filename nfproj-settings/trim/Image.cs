// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;

namespace Trim;

/// <summary>
/// The assemblies that are deployed together and may be changed, and those beneath them that may not.
/// </summary>
public sealed class Image : IDisposable
{
    private readonly DefaultAssemblyResolver _resolver = new();
    private readonly HashSet<ModuleDefinition> _own = [];
    private readonly IReadOnlyCollection<string> _whole;

    /// <summary>
    /// Reads a program and those of its references that stand beside it and are not to be left as they are.
    /// </summary>
    /// <param name="program">Path of the compiled program.</param>
    /// <param name="references">Folders where the assemblies beneath are found.</param>
    /// <param name="whole">Names of assemblies of which all is reached and keeps its name: others look for members of theirs by name.</param>
    /// <param name="kept">How the names begin of assemblies that are left as they are: those with native code, whose checksum must fit the firmware.</param>
    public Image(string program, IEnumerable<string> references, IReadOnlyCollection<string> whole, IReadOnlyCollection<string> kept)
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(references);
        _whole = whole;
        string folder = Path.GetDirectoryName(Path.GetFullPath(program))!;
        foreach (string known in _resolver.GetSearchDirectories())
        {
            _resolver.RemoveSearchDirectory(known);
        }

        foreach (string reference in references.Prepend(folder))
        {
            _resolver.AddSearchDirectory(reference);
        }

        Program = Add(program, folder, kept);
    }

    /// <summary>Gets the program.</summary>
    public ModuleDefinition Program { get; }

    /// <summary>Gets where the program begins: its entry point, or a method Main where it was compiled as a library.</summary>
    public MethodDefinition? EntryPoint => Program.EntryPoint
        ?? Program.Types.SelectMany(type => type.Methods).SingleOrDefault(method => method.IsStatic && method.Name == "Main");

    /// <summary>Gets the program and its libraries.</summary>
    public IReadOnlyCollection<ModuleDefinition> Own => _own;

    /// <summary>Whether a type may be changed.</summary>
    /// <param name="type">A type.</param>
    /// <returns>Whether it is of the program or its libraries.</returns>
    public bool IsOwn(TypeDefinition type) => type is not null && _own.Contains(type.Module);

    /// <summary>Whether a module stays whole, names and all.</summary>
    /// <param name="module">A module of the image.</param>
    /// <returns>Whether it does.</returns>
    public bool IsWhole(ModuleDefinition module) => module is not null && _whole.Contains(module.Assembly.Name.Name);

    /// <summary>
    /// Writes the program and its libraries.
    /// </summary>
    /// <param name="folder">Where to.</param>
    public void Write(string folder)
    {
        foreach (ModuleDefinition module in _own)
        {
            module.Write(Path.Combine(folder, Path.GetFileName(module.FileName)));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _resolver.Dispose();
    }

    private ModuleDefinition Add(string path, string folder, IReadOnlyCollection<string> kept)
    {
        ModuleDefinition module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = _resolver, InMemory = true });
        _resolver.Register(module.Assembly);
        _own.Add(module);
        foreach (AssemblyNameReference reference in module.AssemblyReferences)
        {
            string beside = Path.Combine(folder, reference.Name + ".dll");
            bool isKept = kept.Any(prefix => reference.Name.StartsWith(prefix, StringComparison.Ordinal));
            if (!isKept && File.Exists(beside) && _own.All(known => known.Assembly.Name.Name != reference.Name))
            {
                Add(beside, folder, kept);
            }
        }

        return module;
    }

    private sealed class DefaultAssemblyResolver : BaseAssemblyResolver
    {
        private readonly Dictionary<string, AssemblyDefinition> _known = [];

        public void Register(AssemblyDefinition assembly) => _known[assembly.Name.Name] = assembly;

        public override AssemblyDefinition Resolve(AssemblyNameReference name, ReaderParameters parameters)
        {
            if (!_known.TryGetValue(name.Name, out AssemblyDefinition? assembly))
            {
                assembly = base.Resolve(name, parameters);
                _known[name.Name] = assembly;
            }

            return assembly;
        }
    }
}
