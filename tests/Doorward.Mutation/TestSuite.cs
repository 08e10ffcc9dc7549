using System.Collections;
using System.Reflection;
using System.Runtime.Loader;

namespace Doorward.Mutation;

/// <summary>A test, ready to be run: one method with one row of data.</summary>
internal sealed record Test(string Name, Func<Task> Run);

/// <summary>The tests of an assembly, found by xunit's attributes and run here: starting a runner for each mutant would take longer than the tests.</summary>
internal static class TestSuite
{
    public static IReadOnlyList<Test> Load(string folder, string assembly)
    {
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            Path.Combine(folder, name.Name + ".dll") is var file && File.Exists(file) ? context.LoadFromAssemblyPath(file) : null;
        var tests = AssemblyLoadContext.Default.LoadFromAssemblyPath(Path.Combine(folder, assembly + ".dll"));
        // Those of allocations wait for the runtime to have optimised what allocates, which a mutant that allocates never is.
        return [.. tests.GetTypes().Where(type => type.Name != "AllocationTests").OrderBy(type => type.FullName, StringComparer.Ordinal).SelectMany(type => type.GetMethods()).SelectMany(Of)];
    }

    private static IEnumerable<Test> Of(MethodInfo method)
    {
        var attributes = method.GetCustomAttributes(true);
        if (!attributes.Any(attribute => attribute.GetType().Name is "FactAttribute" or "TheoryAttribute")) yield break;
        var name = $"{method.DeclaringType!.Name}.{method.Name}";
        var rows = attributes.SelectMany(attribute => Rows(attribute, method)).ToList();
        if (method.GetParameters().Length == 0) yield return new Test(name, () => Run(method, []));
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            yield return new Test($"{name}[{i}]", () => Run(method, Fitted(row, method.GetParameters())));
        }
    }

    private static IEnumerable<object?[]> Rows(object attribute, MethodInfo method)
    {
        switch (attribute.GetType().Name)
        {
            case "InlineDataAttribute":
                return [(object?[])attribute.GetType().GetProperty("Data")!.GetValue(attribute)!];
            case "MemberDataAttribute":
                var member = (string)attribute.GetType().GetProperty("MemberName")!.GetValue(attribute)!;
                var data = (IEnumerable)method.DeclaringType!.GetProperty(member, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)!.GetValue(null)!;
                return [.. data.Cast<object>().Select(row => row as object?[] ?? (object?[])row.GetType().GetInterface("ITheoryDataRow")!.GetMethod("GetData")!.Invoke(row, [])!)];
            default:
                return [];
        }
    }

    /// <summary>Rows may be shorter than the parameters where these have defaults, or longer where the last takes many.</summary>
    private static object?[] Fitted(object?[] row, ParameterInfo[] parameters)
    {
        if (parameters.Length > 0 && parameters[^1].IsDefined(typeof(ParamArrayAttribute)) && (row.Length != parameters.Length || !parameters[^1].ParameterType.IsInstanceOfType(row[^1])))
        {
            var rest = row[(parameters.Length - 1)..];
            var many = Array.CreateInstance(parameters[^1].ParameterType.GetElementType()!, rest.Length);
            rest.CopyTo((object?[])many, 0);
            return [.. row[..(parameters.Length - 1)], many];
        }

        return [.. row, .. parameters.Skip(row.Length).Select(parameter => parameter.DefaultValue)];
    }

    private static async Task Run(MethodInfo method, object?[] arguments)
    {
        var constructor = method.DeclaringType!.IsAbstract ? null : method.DeclaringType.GetConstructors()[0];
        var instance = constructor?.Invoke([.. constructor.GetParameters().Select(parameter => typeof(DispatchProxy).GetMethod("Create", 2, [])!.MakeGenericMethod(parameter.ParameterType, typeof(Silence)).Invoke(null, null))]);
        if (method.Invoke(instance, arguments) is Task task) await task;
        (instance as IDisposable)?.Dispose();
    }
}

/// <summary>Stands for what a test writes to; public, because proxies are derived from it.</summary>
public class Silence : DispatchProxy
{
    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod?.ReturnType == typeof(string) ? "" : null;
}
