import { acceptCompletion, autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { type Extension, StateEffect, StateField, type Text } from "@codemirror/state";
import {
  Decoration,
  type DecorationSet,
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { getNonce } from "get-nonce";
import type { Place } from "@/api/sql";

/** Marks the word at an offset as wrong, or takes the mark away. */
export const markAt = StateEffect.define<number | undefined>();

const wrong = Decoration.mark({ class: "cm-wrong" });

const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(set, transaction) {
    // Whoever edits the text has seen the mark.
    let next = transaction.docChanged ? Decoration.none : set;
    for (const effect of transaction.effects) {
      if (!effect.is(markAt)) continue;
      next = effect.value === undefined ? Decoration.none : around(transaction.state.doc, effect.value);
    }
    return next;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function around(doc: Text, at: number): DecorationSet {
  const line = doc.lineAt(at);
  const word = /^(?:"[^"]*"|'[^']*'|[\w.]+|\S)/.exec(line.text.slice(at - line.from))?.[0] ?? "";
  const from = word === "" ? Math.max(line.from, at - 1) : at;
  const to = Math.min(line.to, from + Math.max(1, word.length));
  return to > from ? Decoration.set(wrong.range(from, to)) : Decoration.none;
}

/** The offset of a line and column, both from 1, brought within the text; columns count characters, not UTF-16 units. */
export function offsetOf(doc: Text, place: Place): number {
  const line = doc.line(Math.min(Math.max(1, place.line), doc.lines));
  const before = [...line.text].slice(0, place.column - 1).join("");
  return Math.min(line.to, line.from + before.length);
}

const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--color-accent)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--color-ok)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--color-info)" },
  { tag: [tags.typeName, tags.standard(tags.name)], color: "var(--color-warn)" },
  { tag: [tags.comment, tags.lineComment, tags.blockComment], color: "var(--color-faint)", fontStyle: "italic" },
]);

/** Everything but the language: keys, history, the look, and the nonce without which the page's policy refuses its styles. */
export function base(label: string, onRun: (selected: string) => void): Extension[] {
  const run = (view: EditorView): boolean => {
    const { from, to } = view.state.selection.main;
    onRun(view.state.sliceDoc(from, to));
    return true;
  };
  return [
    EditorView.cspNonce.of(getNonce() ?? ""),
    EditorView.contentAttributes.of({ "aria-label": label }),
    keymap.of([
      { key: "Mod-Enter", run, preventDefault: true },
      { key: "Tab", run: acceptCompletion },
      ...closeBracketsKeymap,
      ...completionKeymap,
      ...historyKeymap,
      ...defaultKeymap,
    ]),
    lineNumbers(),
    history(),
    highlightSpecialChars(),
    drawSelection(),
    highlightActiveLine(),
    indentOnInput(),
    bracketMatching(),
    closeBrackets(),
    autocompletion({ icons: false }),
    syntaxHighlighting(colours),
    marks,
    EditorView.lineWrapping,
    placeholder("SELECT …"),
  ];
}
