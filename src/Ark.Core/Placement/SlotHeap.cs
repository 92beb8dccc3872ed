namespace Ark.Core.Placement;

/// <summary>Something to choose, the smallest key first; equal keys by <paramref name="Order"/>, so that the choice never depends on chance.</summary>
internal readonly record struct Slot(double Key, long Order, int Item)
{
    public bool Before(in Slot other) => Key < other.Key || (Key == other.Key && Order < other.Order);
}

/// <summary>A binary heap in an array that is used again and again.</summary>
internal sealed class SlotHeap
{
    private Slot[] _slots = new Slot[16];

    public int Count { get; private set; }

    public ref readonly Slot First => ref _slots[0];

    public void Clear() => Count = 0;

    /// <summary>Adds without order; <see cref="Heapify"/> must follow.</summary>
    public void Add(in Slot slot)
    {
        if (Count == _slots.Length)
            Array.Resize(ref _slots, Count * 2);
        _slots[Count++] = slot;
    }

    /// <summary>
    /// As <see cref="Add"/>, but keeps the best <paramref name="limit"/> slots only. Until <see cref="Heapify"/> the worst of a full heap stands first.
    /// </summary>
    public void AddBest(in Slot slot, int limit)
    {
        if (Count < limit)
        {
            Add(slot);
            if (Count == limit)
            {
                for (var i = (Count / 2) - 1; i >= 0; i--)
                    SinkWorst(i);
            }
        }
        else if (slot.Before(_slots[0]))
        {
            _slots[0] = slot;
            SinkWorst(0);
        }
    }

    public void Heapify()
    {
        for (var i = (Count / 2) - 1; i >= 0; i--)
            Sink(i);
    }

    public void Push(in Slot slot)
    {
        Add(slot);
        var at = Count - 1;
        while (at > 0 && slot.Before(_slots[(at - 1) / 2]))
        {
            _slots[at] = _slots[(at - 1) / 2];
            at = (at - 1) / 2;
        }

        _slots[at] = slot;
    }

    public Slot Pop()
    {
        var first = _slots[0];
        _slots[0] = _slots[--Count];
        Sink(0);
        return first;
    }

    private void Sink(int at)
    {
        var slot = _slots[at];
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _slots[child + 1].Before(_slots[child]))
                child++;
            if (!_slots[child].Before(slot))
                break;
            _slots[at] = _slots[child];
            at = child;
        }

        _slots[at] = slot;
    }

    private void SinkWorst(int at)
    {
        var slot = _slots[at];
        while (true)
        {
            var child = (2 * at) + 1;
            if (child >= Count)
                break;
            if (child + 1 < Count && _slots[child].Before(_slots[child + 1]))
                child++;
            if (!slot.Before(_slots[child]))
                break;
            _slots[at] = _slots[child];
            at = child;
        }

        _slots[at] = slot;
    }
}
