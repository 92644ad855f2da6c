import { describe, expect, it } from 'vitest';
import { STATES } from '../../e2e/gallery/states/index.ts';
import { LANGUAGES } from '../domain/snapshot.ts';
import { translator } from './messages.ts';
import { verdictText } from './verdict-text.ts';

const NOW = 1_700_000_000_000;

function say(state: string, language: 'en' | 'zh-CN') {
  const make = STATES[state];
  if (make === undefined) throw new Error(state);
  return verdictText(make(NOW), translator(language), language, NOW);
}

describe('the verdict in words', () => {
  it.each([
    ['healthy', 'Go modules are fine', '模块下载正常'],
    ['down', 'goproxy.cn: Connection reset', 'goproxy.cn：连接被重置'],
    ['go-missing', 'No working go on this computer', '本机没有可用的 go'],
    ['degraded', 'proxy.golang.org is slow', 'proxy.golang.org 响应缓慢'],
    ['offline', 'This computer is offline', '电脑未联网'],
    ['paused', 'Probing is paused', '探测已暂停'],
    ['first-start', 'Checking…', '正在检查…'],
    ['empty', 'No endpoints yet', '没有可探测的端点'],
  ])('says how %s is', (state, en, zh) => {
    expect(say(state, 'en').title).toBe(en);
    expect(say(state, 'zh-CN').title).toBe(zh);
  });

  it('says where, how fast and how long ago when all is well', () => {
    expect(say('healthy', 'en').detail).toBe('goproxy.cn 38 ms · 12 s ago');
    expect(say('down', 'zh-CN').detail).toBe('已持续 3 分 12 秒');
  });

  it('has a text for every state', () => {
    for (const state of Object.keys(STATES)) {
      for (const language of LANGUAGES) expect(say(state, language).title).not.toBe('');
    }
  });
});
