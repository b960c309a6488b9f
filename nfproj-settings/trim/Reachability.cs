// Licensed under the MIT license. See LICENSE in the repository root.

using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Trim;

/// <summary>
/// What of an image can be reached from the program's entry point. It errs on the side of keeping: a call of a virtual method reaches all
/// methods of the same name and parameters in all types of which there can be objects.
/// </summary>
public sealed class Reachability
{
    private readonly Image _image;
    private readonly Queue<MethodDefinition> _unread = new();
    private readonly HashSet<string> _dispatched = [];
    private readonly HashSet<TypeDefinition> _made = [];

    /// <summary>
    /// Walks from the entry point.
    /// </summary>
    /// <param name="image">The assemblies.</param>
    /// <exception cref="NotSupportedException">The program asks for members by name, so that nobody can tell which it reaches.</exception>
    public Reachability(Image image)
        : this(image, [])
    {
    }

    /// <summary>
    /// Walks from some methods; from the entry point if there are none.
    /// </summary>
    /// <param name="image">The assemblies.</param>
    /// <param name="roots">The methods.</param>
    /// <exception cref="NotSupportedException">The program asks for members by name, so that nobody can tell which it reaches.</exception>
    public Reachability(Image image, IEnumerable<MethodDefinition> roots)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(roots);
        _image = image;
        foreach (TypeDefinition type in image.Own.Where(image.IsWhole).SelectMany(module => module.GetTypes()))
        {
            ReachAll(type);
        }

        foreach (MethodDefinition root in roots)
        {
            Reach(root);
        }

        if (Methods.Count == 0)
        {
            Reach(image.EntryPoint ?? throw new NotSupportedException("The program has no entry point."));
        }

        while (_unread.TryDequeue(out MethodDefinition? method))
        {
            Read(method);
        }
    }

    /// <summary>Gets the types that something reached speaks of.</summary>
    public HashSet<TypeDefinition> Types { get; } = [];

    /// <summary>Gets the methods that can be called.</summary>
    public HashSet<MethodDefinition> Methods { get; } = [];

    /// <summary>Gets those of them that have code, and may be changed.</summary>
    internal IEnumerable<MethodDefinition> Changeable => Methods.Where(method => method.HasBody && !_image.IsWhole(method.Module));

    /// <summary>Gets the fields that are read or written.</summary>
    public HashSet<FieldDefinition> Fields { get; } = [];

    /// <summary>Whether a type of the image is one that nothing reached speaks of.</summary>
    /// <param name="type">A type.</param>
    /// <returns>Whether it goes.</returns>
    public bool IsUnreached(TypeDefinition type) => _image.IsOwn(type) && !Types.Contains(type);

    /// <summary>Whether a type is one of ours of which nothing makes an object, nor of one that is derived from it: what is of it is null.</summary>
    /// <param name="type">A type.</param>
    /// <returns>Whether it is.</returns>
    internal bool IsNeverMade(TypeReference type)
    {
        return type is not TypeSpecification && !type.IsGenericParameter && type.Resolve() is TypeDefinition definition
            && !definition.IsValueType && _image.IsOwn(definition) && !_made.Contains(definition)
            && !(definition.IsInterface && _made.Any(made => made.Interfaces.Any(implemented => implemented.InterfaceType.Resolve() == definition)));
    }

    /// <summary>Whether a type is a delegate, whose methods the runtime makes.</summary>
    /// <param name="type">A type.</param>
    /// <returns>Whether it is.</returns>
    internal static bool IsDelegate(TypeDefinition type) => type.BaseType?.FullName is "System.MulticastDelegate" or "System.Delegate";

    private static bool LooksForMembers(MethodReference called)
    {
        bool isOfType = called.DeclaringType.FullName == "System.Type" && called.Name.StartsWith("Get", StringComparison.Ordinal) && called.Name != "GetTypeFromHandle";
        return isOfType || called.DeclaringType.Namespace == "System.Reflection";
    }

    private static string Key(MethodReference method)
    {
        return $"{method.Name}({string.Join(",", method.Parameters.Select(parameter => parameter.ParameterType.FullName))})";
    }

    private void ReachAll(TypeDefinition type)
    {
        Mention(type);
        Make(type);
        foreach (FieldDefinition field in type.Fields)
        {
            Use(field);
        }

        foreach (MethodDefinition method in type.Methods)
        {
            Reach(method);
        }
    }

    private void Read(MethodDefinition method)
    {
        Mention(method.ReturnType);
        foreach (ParameterDefinition parameter in method.Parameters)
        {
            Mention(parameter.ParameterType);
        }

        foreach (MethodReference explicitly in method.Overrides)
        {
            Mention(explicitly.DeclaringType);
        }

        if (!method.HasBody)
        {
            return;
        }

        foreach (VariableDefinition local in method.Body.Variables)
        {
            Mention(local.VariableType);
        }

        foreach (ExceptionHandler handler in method.Body.ExceptionHandlers)
        {
            Mention(handler.CatchType);
        }

        foreach (Instruction instruction in method.Body.Instructions)
        {
            switch (instruction.Operand)
            {
                case MethodReference called:
                    Call(method, instruction.OpCode, called);
                    break;
                case FieldReference field:
                    Use(field);
                    break;
                case TypeReference type:
                    Mention(type);
                    break;
            }
        }
    }

    private void Call(MethodDefinition caller, OpCode code, MethodReference called)
    {
        Mention(called.DeclaringType);
        MethodDefinition? method = called.Resolve();
        if (method is null || !_image.IsOwn(method.DeclaringType))
        {
            if (LooksForMembers(called) && !_image.IsWhole(caller.Module))
            {
                throw new NotSupportedException($"{caller.FullName} looks for members by name: {called.FullName}");
            }

            return;
        }

        if (code == OpCodes.Newobj)
        {
            Make(method.DeclaringType);
        }

        Reach(method);
    }

    private void Use(FieldReference reference)
    {
        Mention(reference.DeclaringType);
        Mention(reference.FieldType);
        FieldDefinition? field = reference.Resolve();
        if (field is not null && _image.IsOwn(field.DeclaringType))
        {
            Fields.Add(field);
        }
    }

    private void Reach(MethodDefinition method)
    {
        Mention(method.DeclaringType);
        if (!Methods.Add(method))
        {
            return;
        }

        _unread.Enqueue(method);
        if (method.IsVirtual && _dispatched.Add(Key(method)))
        {
            foreach (TypeDefinition type in _made.ToArray())
            {
                ReachDispatched(type);
            }

            foreach (TypeDefinition type in Types.ToArray())
            {
                ReachDeclared(type);
            }
        }
    }

    /// <summary>There can be objects of a type.</summary>
    private void Make(TypeDefinition type)
    {
        for (TypeDefinition? each = type; each is not null && _image.IsOwn(each); each = each.BaseType?.Resolve())
        {
            if (!_made.Add(each))
            {
                return;
            }

            Mention(each);
            ReachDispatched(each);
        }
    }

    /// <summary>What somebody may call through a base class or an interface, our own or one beneath.</summary>
    private void ReachDispatched(TypeDefinition type)
    {
        foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual))
        {
            bool isAwaited = _dispatched.Contains(Key(method))
                || method.Overrides.Any(explicitly => _dispatched.Contains(Key(explicitly)) || !IsOwn(explicitly.DeclaringType))
                || IsDeclaredBeneath(type, method);
            if (isAwaited)
            {
                Reach(method);
            }
        }
    }

    /// <summary>A method that overrides another needs that one's declaration, whatever becomes of its body.</summary>
    private void ReachDeclared(TypeDefinition type)
    {
        foreach (MethodDefinition method in type.Methods.Where(method => method.IsVirtual && _dispatched.Contains(Key(method))))
        {
            Reach(method);
        }
    }

    private bool IsOwn(TypeReference type) => type.Resolve() is TypeDefinition definition && _image.IsOwn(definition);

    /// <summary>Whether a class or interface that is not ours declares a method, so that code that is not ours may call it.</summary>
    private bool IsDeclaredBeneath(TypeDefinition type, MethodDefinition method)
    {
        for (TypeReference? reference = type; reference is not null;)
        {
            TypeDefinition? each = reference.Resolve();
            if (each is null)
            {
                // what cannot be looked at may declare anything
                return true;
            }

            if (!_image.IsOwn(each) && each.Methods.Any(declared => declared.IsVirtual && Key(declared) == Key(method)))
            {
                return true;
            }

            foreach (InterfaceImplementation implemented in each.Interfaces)
            {
                TypeDefinition? contract = implemented.InterfaceType.Resolve();
                if (contract is null || (!_image.IsOwn(contract) && contract.Methods.Any(declared => Key(declared) == Key(method))))
                {
                    return true;
                }
            }

            reference = each.BaseType;
        }

        return false;
    }

    private void Mention(TypeReference? reference)
    {
        if (reference is null || reference.IsGenericParameter)
        {
            return;
        }

        if (reference is TypeSpecification specification)
        {
            Mention(specification.ElementType);
            return;
        }

        TypeDefinition? type = reference.Resolve();
        if (type is null || !_image.IsOwn(type) || !Types.Add(type))
        {
            return;
        }

        Mention(type.BaseType);
        Mention(type.DeclaringType);
        foreach (InterfaceImplementation implemented in type.Interfaces)
        {
            // nobody else can call through an interface of ours that nobody mentions
            if (!IsOwn(implemented.InterfaceType))
            {
                Mention(implemented.InterfaceType);
            }
        }

        if (type.IsEnum)
        {
            Fields.Add(type.Fields.First(field => !field.IsStatic));
        }
        else if (type.IsValueType)
        {
            Make(type);
            foreach (FieldDefinition field in type.Fields.Where(field => !field.IsStatic))
            {
                Use(field);
            }
        }

        if (IsDelegate(type))
        {
            foreach (MethodDefinition method in type.Methods)
            {
                Reach(method);
            }
        }

        MethodDefinition? initializer = type.GetStaticConstructor();
        if (initializer is not null)
        {
            // a board runs these at its start
            Reach(initializer);
        }

        ReachDeclared(type);
    }
}
